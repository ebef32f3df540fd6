"""Pages of appeals: the learner's voids, and the manager's desk."""

from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.learning.appeals import queries, services
from apps.learning.appeals.forms import DecisionForm, MoreForm, WordsForm
from apps.learning.models import Appeal
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.appeals import api as appeals
from public.monitor import api as monitor

PER_PAGE = 20
F = TypeVar("F", bound=forms.Form)


@require_GET
@people.learner_page
def voids(request: HttpRequest) -> HttpResponse:
    """List what was taken back from the learner, and how far each appeal is."""
    page = Paginator(queries.voids_of(_learner(request).id), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(void, getattr(void, "appeal", None)) for void in page]
    return render(request, "learning/voids.html", {"page": page, "lines": lines})


@require_http_methods(["GET", "POST"])
@people.learner_page
def void(request: HttpRequest, void: UUID) -> HttpResponse:
    """Show one void with reason and evidence, and take the appeal."""
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.file_appeal(void_uuid=void, learner=_learner(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            return _void(request, void, form=_refused(form, error), status=error.status)
        messages.success(request, _("申诉已提交，本单位安全管理员会在 5 天内处理。"))
        return redirect("learn-void", void)
    return _void(request, void, form=form, status=422 if form.errors else 200)


@require_POST
@people.learner_page
def go_on(request: HttpRequest, void: UUID) -> HttpResponse:
    """Take the appeal to the platform."""
    form, found = MoreForm(request.POST), queries.void_page(void, learner_id=_learner(request).id, at=clock.now())
    if found.appeal is None or not form.is_valid():
        return _void(request, void, more=form, status=422)
    try:
        services.go_on(appeal_uuid=found.appeal.uuid, learner=_learner(request), at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        return _void(request, void, more=_refused(form, error), status=error.status)
    messages.success(request, _("已转到平台，结果会显示在这里。"))
    return redirect("learn-void", void)


def _void(
    request: HttpRequest, void: UUID, *, form: WordsForm | None = None, more: MoreForm | None = None, status: int = 200
) -> HttpResponse:
    found = queries.void_page(void, learner_id=_learner(request).id, at=clock.now())
    values = {
        "found": found,
        "void": found.void,
        "appeal": found.appeal,
        "facts": found.facts,
        "form": form or WordsForm(),
        "more": more or MoreForm(),
    }
    return render(request, "learning/void.html", values, status=status)


@require_GET
@people.manager_page(people.Permission.STUDY_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List the appeals of this enterprise; every filter lives in the address."""
    get, at = request.GET, clock.now()
    asked = {"text": get.get("q", ""), "state": get.get("state", ""), "sort": get.get("sort", "")}
    rows = queries.listing(**asked, within=people.within(request))
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    values = {"page": page, "states": Appeal.State.choices, "chosen": get, "now": at}
    return render(request, "learning/console_appeals.html", values)


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.STUDY_SEE, post=people.Permission.STUDY_DECIDE)
def appeal(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Show one appeal: what happened on the left, what can be done on the right; take the decision."""
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_first(
                appeal_uuid=appeal,
                restore=form.cleaned_data["decision"] == "restore",
                reason=form.cleaned_data["reason"],
                by=_manager(request),
                own_learner_id=_own_learner(request),
                at=clock.now(),
            )
        except DomainError as error:
            return _appeal(request, appeal, _refused(form, error), status=error.status)
        messages.success(request, _("处理结果已保存，学员可以看到。"))
        return redirect("console-appeal", appeal)
    return _appeal(request, appeal, form, status=422 if form.errors else 200)


def _appeal(request: HttpRequest, appeal: UUID, form: DecisionForm, *, status: int) -> HttpResponse:
    row = queries.one(appeal, within=people.within(request))
    session = row.void.session
    found = monitor.replay(session.uuid, opened_at=session.opened_at)
    values = {
        "appeal": row,
        "void": row.void,
        "session": session,
        "facts": appeals.facts(row.void.evidence),
        "form": form,
        "is_mine": row.learner_id == _own_learner(request),
        "is_late": row.state == Appeal.State.FIRST and row.due_at < clock.now(),
        "replay": found,
        "chart": found.chart(session.duration_ms),
    }
    return render(request, "learning/console_appeal.html", values, status=status)


def _refused(form: F, error: DomainError) -> F:
    form.add_error(None, str(error.message))
    return form


def _learner(request: HttpRequest) -> people.LearnerView:
    who = people.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return who


def _manager(request: HttpRequest) -> people.ManagerView:
    who = people.profile(request).manager
    assert who is not None  # noqa: S101 - `manager_page` lets nobody else in
    return who


def _own_learner(request: HttpRequest) -> int | None:
    learner = people.profile(request).learner
    return learner.id if learner else None
