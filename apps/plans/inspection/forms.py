"""What a manager says about an inspection."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.inspection import rules
from apps.plans.inspection.links import Order

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InspectionForm(forms.Form):
    """Scope and life of a link; everything has a usual value, so that one click is enough."""

    purpose = forms.CharField(label=_("用途"), max_length=60, required=False, help_text=_("例如：区应急局 12 月检查"))
    unit = forms.TypedChoiceField(label=_("范围"), coerce=int)
    since = forms.DateField(label=_("期间从"), widget=_DAY)
    until = forms.DateField(label=_("到"), widget=_DAY)
    days = forms.TypedChoiceField(label=_("链接有效"), coerce=int)
    with_package = forms.BooleanField(label=_("同时生成材料包（PDF 和 Excel）"), required=False)

    def __init__(self, data: Any = None, *, today: date) -> None:
        usual = {"since": today - rules.USUAL_PERIOD, "until": today, "unit": 0, "days": 3, "with_package": True}
        super().__init__(data, initial=usual)
        self.fields["unit"].choices = [(0, _("全企业")), *people.units()]  # type: ignore[attr-defined]
        self.fields["days"].choices = [(n, _("%(n)d 天") % {"n": n}) for n in range(1, rules.MOST_DAYS + 1)]  # type: ignore[attr-defined]

    def order(self) -> Order:
        """Return what was said."""
        said = self.cleaned_data
        return Order(said["since"], said["until"], said["days"], said["unit"] or None, said["purpose"])
