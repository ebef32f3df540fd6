"""The form of a verdict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from public.review.models import Decision


class DecisionForm(forms.Form):
    """One angle, one verdict, words."""

    angle = forms.ChoiceField(label=_("审核方面"), choices=Decision.Angle.choices)
    verdict = forms.ChoiceField(label=_("结论"), choices=Decision.Verdict.choices, widget=forms.RadioSelect())
    note = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("退回时必须写明需要修改的内容。"),
    )
