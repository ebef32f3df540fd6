"""Forms of the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """First step."""

    login = forms.CharField(label=_("登录名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(label=_("密码"), max_length=128, widget=forms.PasswordInput())


class CodeForm(forms.Form):
    """Second step."""

    code = forms.CharField(label=_("动态口令"), max_length=8)
