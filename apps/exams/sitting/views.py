"""The learner's pages of sitting, for phones first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from apps.exams.sitting import answering, queries, services
from apps.exams.sitting.drawing import drawn
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import clock
from public.questions import api as questions
from tenants import limits
from tenants.api import require

_OPENINGS = "120/10 minutes"


def _learner_id(request: HttpRequest) -> int:
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    return learner.id


@require_http_methods(["GET", "POST"])
@never_cache
@ensure_csrf_cookie
@people.learner_page
def exam(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """Show the rules, or the running paper on this device; POST begins a try."""
    at, learner_id = clock.now(), _learner_id(request)
    if request.method == "POST":
        terminal = people.terminal_of(request)
        services.start(assignment_uuid=assignment, learner_id=learner_id, terminal=terminal, at=at)
        return redirect("learn-exam", assignment)
    running = queries.running(assignment, learner_id=learner_id, at=at)
    if running:
        return _paper(request, assignment, running, learner_id=learner_id)
    services.close_expired(learner_id=learner_id, at=at)
    duty, rule = plans.duty_with_exam(assignment, learner_id=learner_id)
    values = {"assignment": duty, "state": queries.state_under(rule, duty, at=at)}
    return _remembered(request, render(request, "exams/start.html", values))


def _paper(request: HttpRequest, assignment: UUID, running: queries.Running, *, learner_id: int) -> HttpResponse:
    limits.spend(_OPENINGS, "exam-page", require().schema, str(learner_id))
    named = HttpResponse()
    terminal = people.remember_terminal(request, named)
    row = running.row
    opened = answering.open_page(attempt_uuid=row.uuid, learner_id=learner_id, terminal=terminal, at=clock.now(), row=row)
    if opened is None:  # handed in since
        return redirect("learn-exam", assignment)
    values = {
        "plan_title": running.plan_title,
        "attempt": opened.attempt,
        "opened": opened,
        "questions": drawn(opened.attempt),
        "saved": {"answers": opened.attempt.answers, "seqs": opened.seqs},
    }
    page = render(request, "exams/paper.html", values)
    page.cookies.update(named.cookies)
    return page


def _remembered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    people.remember_terminal(request, response)
    return response


@require_GET
@people.learner_page
def media(request: HttpRequest, attempt: UUID, no: int, index: int) -> HttpResponseBase:
    """Give a picture or film of a question on the learner's own paper."""
    found = queries.medium(queries.own_attempt(attempt, learner_id=_learner_id(request)), no=no, index=index)
    return questions.media.serve(request, found)


@require_GET
@never_cache
@people.learner_page
def result(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Show how a submitted try went, as far as its policy lets it be seen, or that a person still marks it."""
    at, learner_id = clock.now(), _learner_id(request)
    services.close_expired(learner_id=learner_id, at=at)
    row = queries.own_attempt(attempt, learner_id=learner_id)
    wrong = queries.wrong_answers(row)
    if wrong:
        queries.refuse_keys(learner_id, at=at)
    duty = plans.assignment_by_id(row.assignment_id)
    certificate = records.certificates([duty.certificate_id]).get(duty.certificate_id) if duty.certificate_id else None
    worth = records.standings([certificate], on=clock.shanghai_date(at))[certificate.code] if certificate else None
    values = {
        "attempt": queries.attempt_view(row, at=at),
        "wrong": wrong,
        "assignment": duty,
        "state": queries.exam_state(duty, at=at),
        "certificate": certificate,
        "worth": worth,
    }
    return render(request, "exams/result.html", values)
