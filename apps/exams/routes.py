"""The exam's JSON interface: save one answer, hand in. Nothing here ever carries a key."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema
from ninja.utils import check_csrf

from apps.exams import services
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError

router = Router(tags=["exams"], auth=people.learner_auth)


class AnswerIn(Schema):
    """The chosen option keys of one question; an empty list clears it."""

    no: int
    choice: list[str] = Field(max_length=10)


@router.post("/{uuid:attempt}/answer")
def answer(request: HttpRequest, attempt: UUID, body: AnswerIn) -> dict[str, Any]:
    """Save the answer to one question."""
    at = clock.now()
    learner_id = _learner_id(request)
    count = services.answer(attempt_uuid=attempt, learner_id=learner_id, no=body.no, choice=body.choice, at=at)
    return {"answered": count, "saved_at": at.isoformat()}


@router.post("/{uuid:attempt}/submit")
def submit(request: HttpRequest, attempt: UUID) -> dict[str, Any]:
    """Hand the try in; again and again the same result."""
    services.submit(attempt_uuid=attempt, learner_id=_learner_id(request), at=clock.now())
    return {"result": reverse("learn-exam-result", args=[attempt])}


def _learner_id(request: HttpRequest) -> int:
    if check_csrf(request) is not None:
        raise DomainError("csrf", _("页面已过期，请刷新后重试。"), status=403)
    who: people.LearnerView = request.auth  # type: ignore[attr-defined]
    return who.id
