"""What an owner says to close the enterprise."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError


class ClosingForm(forms.Form):
    """Why, with the company's name typed and the password once more, so that nobody closes by a slip."""

    reason = forms.CharField(label=_("注销原因"), max_length=300, min_length=4, widget=forms.Textarea(attrs={"rows": 2}))
    no_export = forms.BooleanField(label=_("我不需要导出包，也知道注销后不能再导出"), required=False)
    name = forms.CharField(label=_("企业全称"), max_length=120)
    password = forms.CharField(label=_("登录密码"), max_length=128, widget=forms.PasswordInput(render_value=False))

    def __init__(self, data: Any = None, *, expected: str, has_export: bool) -> None:
        super().__init__(data)
        self._expected, self._has_export = expected, has_export
        self.fields["name"].help_text = _("请完整输入：%(name)s") % {"name": expected}
        if has_export:
            del self.fields["no_export"]

    def clean_name(self) -> str:
        """Refuse another name."""
        said = str(self.cleaned_data["name"])
        if _alike(said) != _alike(self._expected):
            raise forms.ValidationError(_("与企业全称不一致，请照着输入。"))
        return said

    def clean(self) -> dict[str, Any]:
        """Ask for the package, or for the word that none is wanted."""
        said = super().clean() or {}
        if not self._has_export and not said.get("no_export"):
            self.add_error("no_export", _("请先导出并下载企业全部数据；不需要的话请勾选这一项。"))
        return said


def _alike(name: str) -> str:
    """Return a name as it is compared: keyboards write brackets and blanks wide or narrow."""
    return "".join(unicodedata.normalize("NFKC", name).split())


class UndoForm(forms.Form):
    """Why a closing is undone."""

    reason = forms.CharField(label=_("撤销原因"), max_length=300, min_length=4)


def on_field(form: forms.Form, refusal: DomainError) -> None:
    """Put a refusal on the field to blame; what is no input of the form is raised again."""
    if refusal.status not in {409, 422, 429}:
        raise refusal
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, refusal.message)
