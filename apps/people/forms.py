"""Forms of sign-in. Numbers are checked by the services, so that every door refuses alike."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """A mobile number and, by the way chosen, a password or a code."""

    mobile = forms.CharField(label=_("手机号"), max_length=30, error_messages={"required": _("请填写手机号。")})
    password = forms.CharField(label=_("密码"), max_length=128, required=False, strip=False, widget=forms.PasswordInput)
    code = forms.CharField(label=_("验证码"), max_length=10, required=False)


class PasswordForm(forms.Form):
    """A new password, typed twice; the old one where the person has one and did not just enter by code."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写现在的密码。")},
    )
    new_password = forms.CharField(
        label=_("新密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput,
        help_text=_("至少 8 位，不能全是数字，也不要用常见密码。"),
        error_messages={"required": _("请填写新密码。")},
    )
    repeat = forms.CharField(
        label=_("再输入一次"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请再输入一次新密码。")},
    )

    def __init__(self, *args: object, needs_old: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not needs_old:
            del self.fields["old"]

    def clean(self) -> None:
        """Compare the two."""
        first, second = self.cleaned_data.get("new_password"), self.cleaned_data.get("repeat")
        if first and second and first != second:
            self.add_error("repeat", _("两次输入的密码不一致。"))
