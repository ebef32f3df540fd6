"""Forms of the three administrators."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit.labels import CATEGORIES, LEVELS, Category, Level, label
from public.operators.models import Operator


class ReasonForm(forms.Form):
    """A reason that stays in the record."""

    reason = forms.CharField(
        label=_("理由"),
        min_length=4,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写入变更记录和操作日志，不能更改。"),
        error_messages={"required": _("请写明理由。")},
    )


class OpenForm(ReasonForm):
    """A new account."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    login = forms.CharField(label=_("登录名"), min_length=3, max_length=60, help_text=_("登录时输入，开设后不能更改。"))
    role = forms.ChoiceField(label=_("岗位"), choices=Operator.Role.choices)
    identity = forms.CharField(
        label=_("身份证号"), max_length=20, help_text=_("只保存无法还原的索引，用来保证一人只有一个岗位。")
    )
    field_order = ["name", "login", "role", "identity", "reason"]


class RoleForm(ReasonForm):
    """Another role."""

    role = forms.ChoiceField(label=_("新岗位"), choices=Operator.Role.choices)
    field_order = ["role", "reason"]


class DecisionForm(ReasonForm):
    """A decision with its reason; the button says which."""

    decision = forms.ChoiceField(
        choices=[("approve", ""), ("refuse", "")], error_messages={"required": _("请选择批准或不批准。")}
    )


class NetworksForm(ReasonForm):
    """The list of networks from which administrators may come."""

    networks = forms.CharField(
        label=_("允许的网段"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("每行一个地址或网段，例如 203.0.113.0/24。留空表示不限制。"),
    )
    field_order = ["networks", "reason"]

    def lines(self) -> list[str]:
        """Return the lines that say something."""
        return [line.strip() for line in self.cleaned_data["networks"].splitlines() if line.strip()]


class ClearanceForm(ReasonForm):
    """What a role may read."""

    role = forms.ChoiceField(label=_("岗位"), choices=Operator.Role.choices)
    level = forms.TypedChoiceField(label=_("最高密级"), coerce=int, choices=[(int(key), words) for key, words in LEVELS.items()])
    categories = forms.MultipleChoiceField(
        label=_("数据类别"),
        required=False,
        choices=[(str(key), words) for key, words in CATEGORIES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["role", "level", "categories", "reason"]

    def code(self) -> str:
        """Return the label that was chosen."""
        data: dict[str, Any] = self.cleaned_data
        return label(Level(data["level"]), *(Category(part) for part in data["categories"])).code


class OwnPasswordForm(forms.Form):
    """A password one chooses oneself, typed twice."""

    password = forms.CharField(
        label=_("设置密码"), max_length=128, widget=forms.PasswordInput(), help_text=_("至少 10 位，只有您自己知道。")
    )
    again = forms.CharField(label=_("再输入一次"), max_length=128, widget=forms.PasswordInput())

    def clean(self) -> dict[str, Any]:
        """Compare both."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("两次输入的密码不一致。"))
        return data


class ActivationForm(OwnPasswordForm):
    """The second half of an activation, and the person's own password."""

    code = forms.CharField(label=_("激活码"), max_length=12, help_text=_("8 位数字，由安全保密管理员当面或电话告知。"))
    field_order = ["code", "password", "again"]


class PasswordForm(OwnPasswordForm):
    """Another password."""

    old = forms.CharField(label=_("现在的密码"), max_length=128, widget=forms.PasswordInput())
    field_order = ["old", "password", "again"]
