"""Forms of requests. Values are checked by the services, so that every door refuses alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.people.privacy.rules import CORRECTABLE

_HINTS: dict[str, Any] = {
    "name": _("与身份证一致。"),
    "id_number": _("18 位，管理员会核对身份证原件。"),
    "position": "",
    "employee_no": "",
}


class WordsForm(forms.Form):
    """Why."""

    words = forms.CharField(
        label=_("原因"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明原因，一两句话就可以。")},
    )


class CorrectionForm(forms.Form):
    """The right values; what is right already stays empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in CORRECTABLE.items():
            self.fields[name] = forms.CharField(label=label, max_length=60, required=False, help_text=_HINTS[name])
        self.fields["words"] = forms.CharField(
            label=_("补充说明"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("例如什么时候改的名、为什么登记错了。"),
        )

    def wanted(self) -> dict[str, str]:
        """Return the values by field."""
        return {name: self.cleaned_data[name] for name in CORRECTABLE}


class DecisionForm(forms.Form):
    """The answer; the button says which."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("本人会看到。请不要写身份证号等个人信息。"),
        error_messages={"required": _("请写明理由，本人会看到。")},
    )
