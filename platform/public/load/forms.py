"""Forms of the load pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from public.load.design import MOST, MOST_WORDS
from public.load.models import LoadWarning, Meter
from public.load.noting import MOST_WORDS as MOST_NOTE


class DesignForm(forms.Form):
    """Another design load."""

    value = forms.FloatField(label=_("设计负荷"), min_value=0.001, max_value=MOST)
    reason = forms.CharField(label=_("依据"), max_length=MOST_WORDS, help_text=_("例如压力测试报告、扩容记录"))


class NoteForm(forms.Form):
    """What was done about a warning."""

    text = forms.CharField(label=_("处置情况"), max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))


class LogFilter(forms.Form):
    """Which entries of the log; what does not fit is left out."""

    meter = forms.ChoiceField(choices=[("", _("全部指标")), *Meter.choices], required=False)
    stage = forms.ChoiceField(choices=[("", _("全部类型")), *LoadWarning.Stage.choices], required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
