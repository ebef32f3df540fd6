"""What a learner's file tells besides the list of people: trade, schooling, whether the post's hazards were checked."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.people import access, changing, history, queries
from apps.people.models import Learner
from apps.people.permissions import Permission
from apps.people.shapes import learner_view
from apps.people.views.people import by
from infra.kit import clock
from infra.kit.errors import DomainError

_UNKNOWN = ("", gettext_lazy("未填写"))


class ParticularsForm(forms.Form):
    """What only the file needs; nothing about the body itself is asked (PIPL art. 28)."""

    trade = forms.CharField(label=gettext_lazy("工种"), max_length=40, required=False)
    education = forms.ChoiceField(label=gettext_lazy("学历"), required=False, choices=[_UNKNOWN, *Learner.Education.choices])
    fitness = forms.ChoiceField(
        label=gettext_lazy("职业禁忌核查"),
        required=False,
        choices=[_UNKNOWN, *Learner.Fitness.choices],
        help_text=gettext_lazy("只登记结论，不登记体检内容。"),
    )
    fitness_on = forms.DateField(
        label=gettext_lazy("核查日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请写成 2026-03-01 这样。")},
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def clean(self) -> None:
        """Ask for the day of a check, which nobody can know beforehand."""
        found, day = self.cleaned_data.get("fitness"), self.cleaned_data.get("fitness_on")
        if found and not day and "fitness_on" not in self.errors:
            self.add_error("fitness_on", _("请填写核查的日期。"))
        if day and day > clock.shanghai_date(clock.now()):
            self.add_error("fitness_on", _("核查日期不能晚于今天。"))


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def particulars(request: HttpRequest, learner: UUID) -> HttpResponse:
    """Show and change what only the file needs."""
    row = queries.learner_row(learner, within=access.within(request))
    known = {name: getattr(row, name) for name in ("trade", "education", "fitness", "fitness_on")}
    known["seen"] = history.fingerprint(row)
    form = ParticularsForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            changing.change_fields(learner_uuid=learner, seen=values.pop("seen"), **by(request), **values)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("已保存%(name)s的资料。") % {"name": row.name})
            return redirect("console-people-edit", learner)
    values = {"form": form, "learner": learner_view(row)}
    return render(request, "people/particulars.html", values, status=422 if form.errors else 200)
