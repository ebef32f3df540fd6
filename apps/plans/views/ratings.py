"""A learner's stars for a finished course."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.people import api as people
from apps.plans import ratings
from infra.kit import clock
from infra.kit.errors import DomainError


@require_POST
@people.learner_page
def rate(request: HttpRequest) -> HttpResponse:
    """Keep the rating and go back home, whatever came of it."""
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    try:
        assignment, version_id, stars = _typed(request)
        ratings.rate(learner_id=learner.id, assignment=assignment, version_id=version_id, stars=stars, at=clock.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("谢谢您的评价。"))
    return redirect("learn-home")


def _typed(request: HttpRequest) -> tuple[UUID, int, int]:
    """Return duty, version and stars; what cannot be read leads nowhere."""
    got = request.POST
    try:
        assignment = UUID(got.get("assignment", ""))
    except ValueError:
        assignment = UUID(int=0)
    return assignment, _number(got.get("version", "")), _number(got.get("stars", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
