"""Forms of files: propose a correction, decide about one, sign as the person in charge."""

from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.records import api as records


class CorrectionForm(forms.Form):
    """Other values for one entry, with a reason; fields as the entry's kind has them."""

    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("学员和检查人员会看到。请不要填写身份证号等个人信息。"),
        error_messages={"required": _("请写明理由，学员和检查人员会看到。")},
    )
    evidence = forms.FileField(
        label=_("依据（可不传）"),
        required=False,
        max_length=200,
        error_messages={"empty": _("文件是空的，请重新选择。")},
    )

    def __init__(self, *args: Any, found: records.Correctable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = [one.name for one in found.fields]
        for one in found.fields:
            hint = _("现在是 %(now)s") % {"now": one.now} if one.name != "note" else _("写明怎样才是对的；原记录不变")
            self.fields[one.name] = forms.CharField(
                label=one.label,
                required=False,
                max_length=300,
                initial=one.typed,
                help_text=self._hint(one.form, hint),
                show_hidden_initial=True,
            )
        self.order_fields([*self._names, "reason", "evidence"])

    @staticmethod
    def _hint(form: str, now: Any) -> str:
        asked = {"seconds": _("写分钟:秒，例如 12:30"), "day": _("写成 2026-03-01 这样")}.get(form)
        return f"{now}；{asked}" if asked else str(now)

    @property
    def value_fields(self) -> list[forms.BoundField]:
        """The fields of the entry."""
        return [self[name] for name in self._names]

    def values(self) -> dict[str, str]:
        """Return what was typed by field; what was left as it was shown asks for nothing, though other values may hold by now."""
        return {name: str(self.cleaned_data.get(name, "")) for name in self._names if name in self.changed_data}

    def as_shown(self) -> SafeString:
        """Return hidden inputs with the values that the page shows."""
        return format_html_join("", "{}", ((one.as_hidden(only_initial=True),) for one in self.value_fields))

    def proof(self) -> records.Evidence | None:
        """Return the file that was handed in."""
        found = self.cleaned_data.get("evidence")
        return records.Evidence(found.name, found.read()) if found else None


class DecideForm(forms.Form):
    """Words of whoever decides; needed to refuse."""

    words = forms.CharField(
        label=_("意见（不批准时必填）"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class InChargeForm(forms.Form):
    """The own name, typed: the signature of the person in charge of training."""

    name = forms.CharField(label=_("输入您的姓名签署"), max_length=40, error_messages={"required": _("请输入您本人的姓名。")})
