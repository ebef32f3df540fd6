"""Forms of sign-off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.plans.signing import rules


class AgreeForm(forms.Form):
    """What both ways of signing ask: that the record was read."""

    record = forms.CharField(max_length=64, widget=forms.HiddenInput)
    agree = forms.BooleanField(
        label=_("我已核对，记录属实"), error_messages={"required": _("请先核对记录，再勾选“我已核对，记录属实”。")}
    )


class HandForm(AgreeForm):
    """The strokes of a finger, put in by the page's script."""

    strokes = forms.CharField(
        max_length=rules.MOST_TEXT,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("没有看到签名。请在框里用手指写下您的姓名。"),
            "max_length": _("签名太复杂，请清除后重写一次。"),
        },
    )


class NameForm(AgreeForm):
    """The own name and a code, for whoever cannot draw."""

    name = forms.CharField(label=_("您的姓名"), max_length=40, error_messages={"required": _("请输入您本人的姓名。")})
    code = forms.CharField(label=_("短信验证码"), max_length=6, error_messages={"required": _("请输入短信里的 6 位验证码。")})


class ObjectionForm(forms.Form):
    """Why somebody does not sign."""

    words = forms.CharField(
        label=_("哪里不对"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如：某门课不是我本人学的、学时少算了。请不要填写身份证号等个人信息。"),
        error_messages={"required": _("请写明哪里不对，1 到 1000 个字。")},
    )


class AnswerForm(forms.Form):
    """What a manager answers."""

    answer = forms.CharField(
        label=_("答复"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("学员会看到。学时有误的，请先在“学时申诉”里更正；记录属实的，请写明依据。"),
        error_messages={"required": _("请写明答复，学员会看到。")},
    )
