"""Form of a new version."""

from django import forms
from django.utils.translation import gettext_lazy as _

from public.privacy.models import NoticeVersion


class VersionForm(forms.Form):
    """What people shall be told, from when on."""

    kind = forms.ChoiceField(label=_("告知"), choices=NoticeVersion.Kind.choices)
    version = forms.RegexField(
        label=_("版本号"),
        regex=r"^[0-9A-Za-z.-]{3,20}$",
        help_text=_("例如 2027-01，不能与以前的重复。"),
        error_messages={"invalid": _("请用 3 到 20 个数字、字母、点或连字符，例如 2027-01。")},
    )
    valid_from = forms.DateField(
        label=_("生效日期"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("最早明天。生效后学员会再次看到并确认。")
    )
    changes = forms.CharField(
        label=_("改了什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("一两句话，学员先看到这里。")
    )
    text = forms.CharField(
        label=_("告知内容（中文）"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("每段一行，写成“标题：内容”。"),
    )
    changes_en = forms.CharField(label=_("改了什么（英文）"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    text_en = forms.CharField(
        label=_("告知内容（英文）"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("每段一行，段数与中文相同。"),
    )

    def clean(self) -> dict[str, object]:
        """Ask for as many English paragraphs as Chinese ones."""
        said = super().clean() or {}
        counts = [sum(bool(line.strip()) for line in str(said.get(name, "")).splitlines()) for name in ("text", "text_en")]
        if all(counts) and counts[0] != counts[1]:
            words = _("中文有 %(zh)d 段，英文有 %(en)d 段，请一一对应。") % {"zh": counts[0], "en": counts[1]}
            self.add_error("text_en", words)
        return said
