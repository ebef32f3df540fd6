"""Forms of appeals."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WordsForm(forms.Form):
    """What the learner says."""

    words = forms.CharField(
        label=_("申诉理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明当时在做什么、为什么没有应答。请不要填写身份证号等个人信息。"),
        error_messages={"required": _("请写明申诉理由，例如当时在做什么、为什么没有应答。")},
    )


class MoreForm(forms.Form):
    """What the learner adds for the platform."""

    words = forms.CharField(
        label=_("补充说明"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("平台能看到您第一次的申诉、企业的答复和系统证据；您的姓名会被隐去。"),
    )


class DecisionForm(forms.Form):
    """A manager's decision; the button says which."""

    decision = forms.ChoiceField(choices=[("restore", ""), ("uphold", "")], error_messages={"required": _("请选择处理结果。")})
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("学员会看到；学员不服时，平台也会看到。"),
        error_messages={"required": _("请写明理由，学员会看到。")},
    )
