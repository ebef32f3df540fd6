"""Forms of the timing pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from public.timing.rates import MOST, MOST_WORDS


class RateForm(forms.Form):
    """Another rate of samples."""

    every = forms.IntegerField(label=_("每多少次打开测一次"), min_value=1, max_value=MOST, help_text=_("1 表示每次都测"))
    reason = forms.CharField(label=_("原因"), max_length=MOST_WORDS, help_text=_("例如学员多，减少上报"))
