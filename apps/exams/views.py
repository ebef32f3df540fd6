"""Pages of exams, for phones first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from apps.exams import queries, services
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import clock


def _learner_id(request: HttpRequest) -> int:
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    return learner.id


@require_http_methods(["GET", "POST"])
@never_cache
@ensure_csrf_cookie
@people.learner_page
def exam(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """Show the rules, or the running paper; POST begins a try."""
    at, learner_id = clock.now(), _learner_id(request)
    if request.method == "POST":
        services.start(assignment_uuid=assignment, learner_id=learner_id, at=at)
        return redirect("learn-exam", assignment)
    services.close_expired(learner_id=learner_id, at=at)
    duty = plans.assignment(assignment, learner_id=learner_id)
    state = queries.exam_state(duty, at=at)
    page = "exams/paper.html" if state.open_attempt else "exams/start.html"
    return render(request, page, {"assignment": duty, "state": state, "attempt": state.open_attempt})


@require_GET
@never_cache
@people.learner_page
def result(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Show the score of a submitted try, and each wrong answer with explanation and legal basis."""
    at, learner_id = clock.now(), _learner_id(request)
    services.close_expired(learner_id=learner_id, at=at)
    row = queries.own_attempt(attempt, learner_id=learner_id)
    wrong = queries.wrong_answers(row)
    duty = plans.assignment_by_id(row.assignment_id)
    certificate = records.certificates([duty.certificate_id]).get(duty.certificate_id) if duty.certificate_id else None
    values = {
        "attempt": queries.attempt_view(row, at=at),
        "wrong": wrong,
        "assignment": duty,
        "state": queries.exam_state(duty, at=at),
        "certificate": certificate,
    }
    return render(request, "exams/result.html", values)
