"""Forms of the desk."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """First step."""

    login = forms.CharField(label=_("登录名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(label=_("密码"), max_length=128, widget=forms.PasswordInput())


class CodeForm(forms.Form):
    """Second step."""

    code = forms.CharField(label=_("动态口令"), max_length=8)


class StatusForm(forms.Form):
    """Suspend or reopen an enterprise, with a reason that its people will read."""

    CHOICES: ClassVar[list[tuple[str, Any]]] = [("ACTIVE", _("恢复使用")), ("SUSPENDED", _("停用"))]
    status = forms.ChoiceField(choices=CHOICES, widget=forms.HiddenInput())
    reason = forms.CharField(label=_("原因"), max_length=200, min_length=4, help_text=_("会显示给该企业的人员，并写入审计记录。"))
