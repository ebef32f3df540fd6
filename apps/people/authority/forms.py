"""The enterprise's answer to a notice."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """What was mended."""

    text = forms.CharField(
        label=_("整改情况"),
        max_length=2000,
        help_text=_("写明已整改的内容、责任部门和防止再次发生的措施。证明材料请先上传附件。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
