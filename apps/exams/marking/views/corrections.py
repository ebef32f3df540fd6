"""Pages of results and their corrections: read a try, propose other points, decide; a question found wrong."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.exams.marking import applying, correcting, queries, regrading
from apps.exams.marking.forms import ReasonForm, RegradeForm
from apps.exams.marking.models import ScoreProposal
from apps.exams.marking.views import asking
from apps.exams.marking.views.appeals import points_in
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError

PER_PAGE = 20
SEE, MARK = people.Permission.EXAMS_SEE, people.Permission.EXAMS_MARK


@require_http_methods(["GET", "POST"])
@people.manager_page(SEE, post=MARK)
def result(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Show a finished try question by question; POST proposes other points for it."""
    within = people.within(request)
    row = correcting.finished(attempt, within=within)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            said = {"reason": form.cleaned_data["reason"], "by": asking.manager(request), "own": asking.own(request)}
            made = correcting.propose(attempt=attempt, points=_changed(request, row), within=within, at=clock.now(), **said)
        except DomainError as error:
            asking.refused(form, error)
        else:
            messages.success(request, _("已提出改分，等另一位管理人员复核。"))
            return redirect("console-exam-correction", made.uuid)
    found = queries.sheet(row)
    lines = [(line, request.POST.get(f"points-{line.no}", line.points)) for line in found.lines]
    learner = people.learner(row.learner_id)
    duty = plans.assignment_by_id(row.assignment_id)
    values = {"found": found, "lines": lines, "learner": learner, "plan": duty, "form": form, "own": asking.own(request)}
    values["shows_key"] = MARK in people.permissions(request)
    return render(request, "exams/marking/result.html", values, status=422 if form.errors else 200)


def _changed(request: HttpRequest, row: Any) -> dict[int, int]:
    """Return only what differs from the points shown, so that the form's untouched fields ask for nothing."""
    now = queries.sheet(row).result.points
    return {no: value for no, value in points_in(request.POST).items() if value != now.get(no)}


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List corrections, those that wait first."""
    asked = {"text": request.GET.get("q", "")[:60], "state": request.GET.get("state", "")}
    page = Paginator(queries.proposals(**asked, within=people.within(request)), PER_PAGE).get_page(request.GET.get("page"))
    states = ScoreProposal.State.choices
    values = {"page": page, "states": states, "chosen": request.GET, "counts": asking.counts(request)}
    return render(request, "exams/marking/corrections.html", values)


@require_GET
@people.manager_page(SEE)
def correction(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Show one correction: why, what it does, to whom, how far it is carried out."""
    within = people.within(request)
    row = queries.proposal(correction, within=within)
    page = Paginator(queries.changes(row, within=within), 50).get_page(request.GET.get("page"))
    total = row.changes.count()
    values = {
        "row": row,
        "page": page,
        "effect": applying.in_words(row.effect),
        "me": asking.manager(request).id,
        "done": total - row.changes.filter(applied_at=None).count(),
        "total": total,
        "skipped": row.changes.exclude(problem="").count(),
        "mode": dict(RegradeForm.base_fields["mode"].choices).get(row.mode, ""),  # type: ignore[attr-defined]
    }
    return render(request, "exams/marking/correction.html", values)


@require_POST
@people.manager_page(MARK)
def decide(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Approve (``answer=yes``) or decline, with words, what somebody else proposed."""
    approve = request.POST.get("answer") == "yes"
    words, by, own = str(request.POST.get("words", "")), asking.manager(request), asking.own(request)
    try:
        correcting.decide(proposal=correction, approve=approve, words=words, by=by, own=own, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("已批准，成绩按新的得分更正。") if approve else _("未批准，成绩不变。"))
    return redirect("console-exam-correction", correction)


@require_POST
@people.manager_page(MARK)
def withdraw(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Take back the own proposal."""
    try:
        correcting.withdraw(proposal=correction, by=asking.manager(request), at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("已撤回，成绩不变。"))
    return redirect("console-exam-correction", correction)


@require_http_methods(["GET", "POST"])
@people.manager_page(MARK)
def regrade(request: HttpRequest, bank: str, question: str, version: int, part: int) -> HttpResponse:
    """Say how a question that was found wrong is marked anew: first the effect (``look``), then the proposal."""
    key = (bank, question, version, part)
    item = regrading.question_of(key)
    form = RegradeForm(request.POST if request.method == "POST" else None)
    shown: regrading.Preview | None = None
    if form.is_valid():
        said = form.cleaned_data
        order = regrading.Order(key, said["mode"], _answer(request, item), said["only_up"])
        try:
            if "propose" in request.POST:
                by, own = asking.manager(request), asking.own(request)
                made = regrading.propose(order=order, reason=said["reason"], by=by, own=own, at=clock.now())
                messages.success(request, _("已提出重判，等另一位管理人员复核。"))
                return redirect("console-exam-correction", made.uuid)
            shown = regrading.preview(order)
        except DomainError as error:
            asking.refused(form, error)
    values = {
        "item": item,
        "key": key,
        "form": form,
        "shown": shown,
        "effect": applying.in_words(shown.effect.as_dict()) if shown else [],
        "picked": _answer(request, item),
    }
    return render(request, "exams/marking/regrade.html", values, status=422 if form.errors else 200)


def _answer(request: HttpRequest, item: dict[str, Any]) -> tuple[str, ...]:
    """Return what was picked or typed; of an order one option a line."""
    if item["kind"] in {"blank", "order"}:
        lines = (line.strip() for line in str(request.POST.get("answer", "")).splitlines())
        return tuple(line for line in lines if line)
    return tuple(text.replace("\r\n", "\n") for text in request.POST.getlist("answer"))  # as browsers send lines of an option
