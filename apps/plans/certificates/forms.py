"""What managers say about certificates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.records import api as records


class RevokeForm(forms.Form):
    """Why a certificate should be revoked."""

    reason = forms.ChoiceField(label=_("撤销原因"), choices=records.REASONS, help_text=_("任何人查验这份证明时都能看到这一项。"))
    words = forms.CharField(
        label=_("具体情况"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写清事实和凭据，只有本单位管理员能看到。"),
        error_messages={"required": _("请写明具体情况，5 到 200 个字。")},
    )


class IssueForm(forms.Form):
    """Whose certificates are looked for."""

    plan = forms.ChoiceField(label=_("培训计划"), error_messages={"required": _("请选择培训计划。")})

    def __init__(self, data: Any = None, *, plans: list[tuple[Any, str]]) -> None:
        super().__init__(data)
        self.fields["plan"].choices = [(str(uuid), title) for uuid, title in plans]  # type: ignore[attr-defined]
