"""Points of films of the asking learner: what is asked, and the answer. A beat's reply names the point and its address."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema
from pydantic import Field

from apps.learning.callers import asking_learner, refuse_foreign_forms
from apps.learning.quizzes import points
from apps.learning.quizzes.points import Asking
from apps.learning.terminals import terminal_of
from apps.people import api as people
from infra.kit import clock
from tenants import limits
from tenants.api import require

router = Router(tags=["learning"])
_PATH = "/sessions/{session}/quizzes/{point}"
ANSWERS = "60/10 minutes"


class PointOut(Schema):
    """What a point asks. ``state`` open or passed; ``back``: a wrong answer now goes back to the start of the passage."""

    state: str
    trial: UUID | None = Field(default=None, alias="try")
    number: int = 0
    back: bool = False
    questions: list[dict[str, Any]] = Field(default_factory=list)


class AnswersIn(Schema):
    """The try that is answered, and one response for each of its questions: keys of options, in order for a sequence; texts of gaps."""

    trial: UUID = Field(alias="try")
    answers: list[list[str]] = Field(max_length=10)


class ResultOut(Schema):
    """How a try was judged: ``right``, ``again`` or ``back``. The film goes on at ``position_ms``, nothing beyond ``furthest_ms``."""

    outcome: str
    message: str
    position_ms: int
    furthest_ms: int
    explanations: list[dict[str, str]]


def _asking(request: HttpRequest, session: UUID, point: UUID) -> Asking:
    return Asking(session, point, asking_learner(request).id, terminal_of(request))


@router.get(_PATH, auth=people.learner_auth, response=PointOut, exclude_none=True, by_alias=True)
def show_point(request: HttpRequest, response: HttpResponse, session: UUID, point: UUID) -> dict[str, Any]:
    """Return what the point asks that the film has come to."""
    response["Cache-Control"] = "no-store"
    shown = points.show(_asking(request, session, point), at=clock.now())
    for question in shown.get("questions", ()):
        question["media"] = [
            {**one, "url": reverse("learn-quiz-media", args=[shown["try"], one["key"]])} for one in question["media"]
        ]
    return shown


@router.post(_PATH, auth=people.learner_auth, response=ResultOut)
def answer_point(request: HttpRequest, session: UUID, point: UUID, body: AnswersIn) -> dict[str, Any]:
    """Judge an answer."""
    refuse_foreign_forms(request)
    limits.spend(ANSWERS, "quiz", require().schema, str(asking_learner(request).id))
    return points.answer(_asking(request, session, point), trial=body.trial, responses=body.answers, at=clock.now())
