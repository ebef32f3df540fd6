"""Pages of units, posts and certificates of special operations."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, history, queries
from apps.people.models import Change, Qualification
from apps.people.organisation import positions, qualifications, units
from apps.people.organisation.models import Hazard
from apps.people.permissions import Permission
from apps.people.views.people import by, number
from infra.kit import clock
from infra.kit.errors import DomainError

PER_PAGE = 50
_WRONG_DAY = {"required": gettext_lazy("请填写日期。"), "invalid": gettext_lazy("请写成 2026-03-01 这样。")}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitForm(forms.Form):
    """A unit's name and where it hangs."""

    name = forms.CharField(
        label=gettext_lazy("部门名称"), max_length=60, error_messages={"required": gettext_lazy("请填写部门名称。")}
    )
    parent = forms.TypedChoiceField(label=gettext_lazy("上级部门"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("（最高一级）")), *queries.units()]  # type: ignore[attr-defined]


class PositionForm(forms.Form):
    """A post and what it is exposed to."""

    name = forms.CharField(
        label=gettext_lazy("岗位名称"), max_length=60, error_messages={"required": gettext_lazy("请填写岗位名称。")}
    )
    hazards = forms.MultipleChoiceField(
        label=gettext_lazy("危险因素"),
        required=False,
        choices=Hazard.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("选课和安排培训时据此提示"),
    )
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)


class QualificationForm(forms.Form):
    """One certificate."""

    kind = forms.ChoiceField(label=gettext_lazy("作业类别"), choices=Qualification.Kind.choices)
    item = forms.CharField(label=gettext_lazy("操作项目"), max_length=60, required=False)
    number = forms.CharField(
        label=gettext_lazy("证书编号"), max_length=40, required=False, help_text=gettext_lazy("加密保存，页面上只显示首尾两位")
    )
    expires_on = forms.DateField(label=gettext_lazy("有效期至"), widget=_day(), error_messages=_WRONG_DAY)
    review_on = forms.DateField(label=gettext_lazy("复审日期"), required=False, widget=_day(), error_messages=_WRONG_DAY)


@require_GET
@access.manager_page(Permission.PEOPLE_SEE)
def units_page(request: HttpRequest) -> HttpResponse:
    """Show the tree with its counts."""
    nodes = units.tree(within=access.within(request))
    return render(request, "people/units.html", {"nodes": nodes, "form": UnitForm()})


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def add_unit(request: HttpRequest) -> HttpResponse:
    """Add a unit; what is wrong is said on the page of the tree."""
    form = UnitForm(request.POST)
    if form.is_valid():
        try:
            row = units.add(name=form.cleaned_data["name"], parent_id=form.cleaned_data["parent"], **by(request))
        except DomainError as refusal:
            _on_field(form, refusal)
        else:
            messages.success(request, _("已新建部门“%(name)s”。") % {"name": row.name})
            return redirect("console-units")
    values = {"nodes": units.tree(), "form": form}
    return render(request, "people/units.html", values, status=422)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def move_unit(request: HttpRequest) -> HttpResponse:
    """Move a unit that was dragged onto another one (``unit``, ``parent``; no parent = the top)."""
    row = units.unit(number(request.POST.get("unit"), 0))
    parent = number(request.POST.get("parent"), 0) or None
    try:
        units.change(unit_id=row.pk, name=row.name, parent_id=parent, **by(request))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("已移动“%(name)s”。") % {"name": row.name})
    return redirect("console-units")


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_SEE, post=Permission.PEOPLE_CHANGE)
def unit_page(request: HttpRequest, unit: int) -> HttpResponseBase:
    """Show one unit with its history; rename or move it without dragging."""
    row = units.unit(unit, within=access.within(request))
    form = UnitForm(request.POST if request.method == "POST" else None, initial={"name": row.name, "parent": row.parent_id})
    if form.is_valid():
        try:
            units.change(unit_id=unit, name=form.cleaned_data["name"], parent_id=form.cleaned_data["parent"], **by(request))
        except DomainError as refusal:
            _on_field(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("console-units")
    values = {"unit": row, "form": form, "changes": _changes(request, Change.Kind.UNIT, unit)}
    return render(request, "people/unit_form.html", values, status=422 if form.errors else 200)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def dissolve_unit(request: HttpRequest, unit: int) -> HttpResponse:
    """Archive an empty unit."""
    try:
        units.dissolve(unit_id=unit, **by(request))
    except DomainError as refusal:
        if refusal.code != "unit_not_empty":
            raise
        messages.error(request, str(refusal.message))
        return redirect("console-units-edit", unit)
    messages.success(request, _("部门已归档。"))
    return redirect("console-units")


@require_GET
@access.manager_page(Permission.PEOPLE_SEE)
def position_list(request: HttpRequest) -> HttpResponse:
    """List the posts with hazards and how many people; a supervisor sees no counts of others' people."""
    return render(request, "people/positions.html", {"posts": positions.posts(within=access.within(request))})


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def position_page(request: HttpRequest, position: int | None = None) -> HttpResponseBase:
    """Write down a post, or change one."""
    row = positions.position(position) if position is not None else None
    known = {"name": row.name, "hazards": row.hazards, "note": row.note} if row else {"name": request.GET.get("name", "")[:60]}
    form = PositionForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            positions.write(position_id=position, **form.cleaned_data, **by(request))
        except DomainError as refusal:
            _on_field(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("console-positions")
    values: dict[str, Any] = {"row": row, "form": form, "title": row.name if row else _("登记岗位")}
    if row is not None:
        values["changes"] = _changes(request, Change.Kind.POSITION, row.pk)
    return render(request, "people/position_form.html", values, status=422 if form.errors else 200)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def archive_position(request: HttpRequest, position: int) -> HttpResponse:
    """Take a post off the list."""
    try:
        positions.archive(position_id=position, **by(request))
    except DomainError as refusal:
        if refusal.code != "position_used":
            raise
        messages.error(request, str(refusal.message))
        return redirect("console-positions-edit", position)
    return redirect("console-positions")


@require_GET
@access.manager_page(Permission.PEOPLE_SEE)
def qualification_list(request: HttpRequest) -> HttpResponse:
    """List certificates, the most urgent first."""
    today, show = clock.shanghai_date(clock.now()), request.GET.get("show", "")
    within = access.within(request)
    page = Paginator(qualifications.urgent(show=show, within=within, on=today), PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "rows": [qualifications.view(row, on=today) for row in page],
        "counts": qualifications.counts(within=within, on=today),
        "show": show,
    }
    return render(request, "people/qualifications.html", values)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def qualify(request: HttpRequest, learner: UUID) -> HttpResponseBase:
    """Write down a certificate of one learner."""
    view = queries.learner_by_uuid(learner)
    form = QualificationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            qualifications.add(learner_uuid=learner, **form.cleaned_data, **by(request))
        except DomainError as refusal:
            _on_field(form, refusal)
        else:
            messages.success(request, _("证书已登记。"))
            return redirect("console-people-edit", learner)
    return render(request, "people/qualify.html", {"learner": view, "form": form}, status=422 if form.errors else 200)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def withdraw(request: HttpRequest, qualification: UUID) -> HttpResponse:
    """Take a certificate off the list."""
    learner = qualifications.withdraw(qualification=qualification, **by(request))
    messages.success(request, _("证书已移出，变更记录里可以查到。"))
    return redirect("console-people-edit", learner.uuid)


def _changes(request: HttpRequest, kind: Change.Kind, subject: int) -> list[history.Told] | None:
    if Permission.PEOPLE_HISTORY not in access.permissions(request):
        return None
    return [history.told(row) for row in history.of(kind, subject)[:30]]


def _on_field(form: forms.Form, refusal: DomainError) -> None:
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
