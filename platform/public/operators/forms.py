"""Forms of the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """First step."""

    login = forms.CharField(label=_("登录名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(label=_("密码"), max_length=128, widget=forms.PasswordInput())


class MailForm(forms.Form):
    """Where one wants mail."""

    mail = forms.EmailField(
        label=_("邮箱"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": "name@example.com"}),
        help_text=_("先发一个验证码到这个邮箱，填对了才会启用。"),
    )


class MailCodeForm(forms.Form):
    """What was sent there."""

    code = forms.CharField(label=_("邮件中的验证码"), max_length=6)


class CodeForm(forms.Form):
    """Second step."""

    code = forms.CharField(label=_("动态口令"), max_length=8)
