"""The learner's other two tabs: all duties, and everything about oneself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.people import api as people
from apps.plans import today
from apps.plans.signing import queries as signing
from infra.kit import clock


def _learner(request: HttpRequest) -> people.LearnerView:
    who = people.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return who


@require_GET
@people.learner_page
def plans(request: HttpRequest) -> HttpResponse:
    """List all duties: running ones by deadline with the next step, then those that are over with their signature."""
    learner = _learner(request)
    found = today.duties(learner.id, at=clock.now())
    signed = signing.signatures_of(learner.id)
    values = {"running": found.running, "over": [(view, signed.get(view.uuid)) for view in found.over]}
    return render(request, "plans/learn_plans.html", values)


@require_GET
@people.learner_page
@people.open_when_restricted
def me(request: HttpRequest) -> HttpResponse:
    """Show who the learner is on the books, and the ways to privacy, appeals, password, installing and signing out."""
    who = people.profile(request)
    return render(request, "plans/learn_me.html", {"learner": _learner(request), "is_manager": who.manager is not None})
