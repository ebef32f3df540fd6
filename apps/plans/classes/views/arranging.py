"""Pages where classes are listed, arranged and filled."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans.classes import arranging, forms, queries
from apps.plans.classes.models import ClassTrainer, Room
from apps.plans.classes.views.asking import by, scope, seen
from apps.plans.models import TrainingPlan
from infra.kit import clock
from infra.kit.errors import DomainError

PAGE = 25
See, Change = people.Permission.CLASSES_SEE, people.Permission.CLASSES_CHANGE


@require_GET
@people.manager_page(See)
def listing(request: HttpRequest) -> HttpResponse:
    """List classes with search, state, plan, sorting and paging."""
    at = clock.now()
    asked = {key: request.GET.get(key, "") for key in ("state", "sort")}
    plan = _plan(request.GET.get("plan", ""))
    rows = queries.classes(scope(request), text=request.GET.get("q", "")[:60], plan=plan.uuid if plan else None, at=at, **asked)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "lines": [(row, _stands(row, at)) for row in page],
        "asked": asked,
        "plan": plan,
        "states": queries.STATES.items(),
        "is_filtered": any(request.GET.get(key) for key in ("q", "state", "plan")),
    }
    return render(request, "plans/classes/list.html", values)


def _stands(row: Any, at: Any) -> tuple[str, Any]:
    stands = queries.standing(row, at)
    return queries.TONES.get(stands, "neutral"), queries.STATES[stands]


def _plan(text: str) -> TrainingPlan | None:
    try:
        return TrainingPlan.objects.filter(uuid=UUID(text)).first() if text else None
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@people.manager_page(Change)
def arrange(request: HttpRequest) -> HttpResponse:
    """Arrange a class; with ``?plan=`` for that plan."""
    start = {"plan": request.GET.get("plan", ""), "everybody": True}
    form = forms.ClassForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            row = arranging.arrange(plan_uuid=UUID(form.cleaned_data["plan"]), order=form.order(), **by(request))
        except DomainError as refusal:
            forms.on_field(form, refusal)
        else:
            messages.success(request, _("已安排“%(topic)s”。") % {"topic": row.topic})
            if form.cleaned_data["everybody"]:
                _seat(request, row.uuid, None)
            return redirect("console-class", row.uuid)
    values = {"form": form, "title": _("安排线下课"), "lacks": _lacking()}
    return render(request, "plans/classes/form.html", values, status=422 if form.errors else 200)


def _lacking() -> dict[str, bool]:
    """Say what must be there before a class can be arranged."""
    return {
        "plans": not TrainingPlan.objects.filter(state=TrainingPlan.State.RUNNING).exists(),
        "trainers": not ClassTrainer.objects.filter(archived_at=None).exists(),
        "rooms": not Room.objects.filter(archived_at=None).exists(),
    }


@require_http_methods(["GET", "POST"])
@people.manager_page(Change)
def rearrange(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a class that has not begun."""
    row = seen(request, uuid)
    form = forms.ClassForm(request.POST if request.method == "POST" else None, initial=forms.known(row), row=row)
    if form.is_valid():
        try:
            arranging.rearrange(uuid=uuid, order=form.order(), at=clock.now())
        except DomainError as refusal:
            forms.on_field(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("console-class", uuid)
    values = {"form": form, "title": _("修改安排"), "klass": row}
    return render(request, "plans/classes/form.html", values, status=422 if form.errors else 200)


@require_POST
@people.manager_page(Change)
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Call a class off."""
    seen(request, uuid)
    if _done(request, lambda: arranging.cancel(uuid=uuid, reason=request.POST.get("reason", ""), at=clock.now())):
        messages.success(request, _("课程已取消。"))
    return redirect("console-class", uuid)


@require_http_methods(["GET", "POST"])
@people.manager_page(Change)
def seat(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose learners of the plan for a class; ``all`` seats everybody."""
    row = seen(request, uuid)
    if request.method == "POST":
        picked = None if request.POST.get("all") else _uuids(request.POST.getlist("ids"))
        if _seat(request, uuid, picked):
            return redirect("console-class", uuid)
        return redirect("console-class-seat", uuid)
    found = queries.candidates(row, text=request.GET.get("q", "")[:60])
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    values = {"klass": row, "page": page, "count": len(found), "free": row.room.seats - row.seats.count()}
    return render(request, "plans/classes/seat.html", values)


def _seat(request: HttpRequest, uuid: UUID, picked: list[UUID] | None) -> bool:
    try:
        done = arranging.seat(uuid=uuid, learners=picked, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return False
    if done.added:
        messages.success(request, ngettext("加入 %(n)d 人。", "加入 %(n)d 人。", done.added) % {"n": done.added})
    if done.busy:
        messages.warning(request, _("%(who)s同一时间已有另一节线下课，没有加入。") % {"who": done.busy})
    return True


@require_POST
@people.manager_page(Change)
def unseat(request: HttpRequest, uuid: UUID, seat: UUID) -> HttpResponse:
    """Take somebody out of a class."""
    seen(request, uuid)
    if _done(request, lambda: arranging.unseat(uuid=uuid, seat_uuid=seat, at=clock.now())):
        messages.success(request, _("已移出名单。"))
    return redirect("console-class", uuid)


def _done(request: HttpRequest, act: Any) -> bool:
    """Do something; a refusal is told on the page that follows."""
    try:
        act()
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
        return False
    return True


def _uuids(values: list[str]) -> list[UUID]:
    try:
        return list(dict.fromkeys(UUID(value) for value in values))
    except ValueError as error:
        raise DomainError("not_found", _("没有找到这位学员，请刷新名单后再试。"), status=404) from error
