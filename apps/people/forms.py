"""Forms of people. Numbers are checked by the services, so that every door refuses alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.people import queries, services
from apps.people.models import Learner


class SignInForm(forms.Form):
    """A mobile number and, by the way chosen, a password or a code."""

    mobile = forms.CharField(label=_("手机号"), max_length=30, error_messages={"required": _("请填写手机号。")})
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("请填写密码。")},
    )
    code = forms.CharField(label=_("验证码"), max_length=10, error_messages={"required": _("请填写短信中的 6 位验证码。")})

    def __init__(self, *args: object, way: str, needs_proof: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in ("password", "code"):
            if name != way or not needs_proof:
                del self.fields[name]


class CodeForm(forms.Form):
    """The code of a text message."""

    code = forms.CharField(label=_("验证码"), max_length=10, error_messages={"required": _("请填写短信中的 6 位验证码。")})

    def __init__(self, *args: object, needs_code: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not needs_code:
            del self.fields["code"]


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
        help_text=_(
            "至少 8 位，越长越好，可以用一句话。不能全是数字，不能是常见密码，也不能含自己的姓名、生日、手机号或身份证号。"
        ),
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


class LearnerForm(forms.Form):
    """What a manager writes of a learner. Numbers are checked by the services."""

    name = forms.CharField(
        label=_("姓名"), max_length=60, help_text=_("与身份证一致"), error_messages={"required": _("请填写姓名。")}
    )
    id_number = forms.CharField(
        label=_("身份证号"), max_length=30, help_text=_("18 位"), error_messages={"required": _("请填写身份证号。")}
    )
    mobile = forms.CharField(
        label=_("手机号"),
        max_length=30,
        help_text=_("本人的手机号，用于登录"),
        error_messages={"required": _("请填写手机号。")},
    )
    unit = forms.CharField(label=_("部门"), max_length=200, required=False, help_text=_("可写多级，例如 生产部/一车间"))
    position = forms.CharField(label=_("岗位"), max_length=60, required=False)
    employee_no = forms.CharField(label=_("工号"), max_length=30, required=False)
    role = forms.ChoiceField(label=_("人员类别"), choices=Learner.Role.choices, initial=Learner.Role.CY)
    employment = forms.ChoiceField(label=_("用工形式"), required=False, choices=[("", _("未填写")), *Learner.Employment.choices])
    further = forms.TypedMultipleChoiceField(
        label=_("兼属部门"),
        required=False,
        coerce=int,
        help_text=_("同时属于其他部门时选择，按住 Ctrl 可多选；那些部门的培训也会安排到本人。"),
        widget=forms.SelectMultiple(attrs={"size": "5"}),
    )
    hired_on = forms.DateField(
        label=_("入职日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请写成 2026-03-01 这样。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["further"].choices = queries.units()  # type: ignore[attr-defined]
        if not self.fields["further"].choices:  # type: ignore[attr-defined]
            del self.fields["further"]

    def clean_unit(self) -> str:
        """Refuse a level of the path that no unit could bear."""
        path = str(self.cleaned_data["unit"])
        if any(len(name) > 60 for name in services.unit_names(path)):
            raise forms.ValidationError(_("每一级部门名称不超过 60 个字。"))
        return path


class LearnerChangeForm(LearnerForm):
    """What may change: the identity stays, and an empty mobile keeps the number."""

    mobile = forms.CharField(
        label=_("新手机号"), max_length=30, required=False, help_text=_("不换号就留空。换号后原密码失效，用新号码收短信登录。")
    )

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["id_number"], self.fields["hired_on"]


class RosterForm(forms.Form):
    """One worker list."""

    file = forms.FileField(
        label=_("学员名单"),
        max_length=200,
        error_messages={"required": _("请选择填好的名单。"), "empty": _("文件是空的，请选择填好的名单。")},
    )
