"""The page of a quiz lesson: what it asks for, the questions of the open try, what the last one came to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.learning.outline import outline
from apps.learning.quizzes import forms, rules, services
from apps.learning.quizzes.models import QuizTry
from apps.learning.quizzes.routes import ANSWERS
from apps.learning.quizzes.services import Sitting
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import api as questions
from tenants import limits
from tenants.api import require

_TOLD = frozenset({"quiz_done", "quiz_early", "restudy", "quiz_empty", "bad_answer"})
"""Refusals that the page itself explains."""


def _learner_id(request: HttpRequest) -> int:
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    return learner.id


@require_GET
@never_cache
@people.learner_page
def detail(request: HttpRequest, assignment: UUID, courseware: int) -> HttpResponse:
    """Show where the learner stands, or the questions of the try that is open."""
    at, who = clock.now(), _learner_id(request)
    found = services.sitting(learner_id=who, assignment_uuid=assignment, courseware_id=courseware, at=at)
    following = outline(found.assignment, today=clock.shanghai_date(at)).after(courseware) if found.stand.is_done else None
    return render(request, "learning/quiz.html", {**_shown(found), "following": following})


def _shown(found: Sitting) -> dict[str, Any]:
    stand = found.stand
    return {
        "sitting": found,
        "assignment": found.assignment,
        "stand": stand,
        "quiz": stand.quiz,
        "restudy_minutes": -(-stand.restudy_ms // 60_000),
        "questions": [_asked(item) for item in stand.open.items] if stand.open and found.may_begin else [],
        "last": stand.last,
        "results": _results(stand.last) if stand.last else [],
        "first_lesson": next((lesson for lesson in found.course.lessons if not lesson.is_quiz), None),
    }


def _asked(item: dict[str, Any]) -> dict[str, Any]:
    shown = questions.hide(item)
    return {**shown, "gap_numbers": range(int(shown.get("gaps", 0))), "places": range(1, len(shown["options"]) + 1)}


def _results(row: QuizTry) -> list[dict[str, Any]]:
    """Return the wrong answers of a try with why; after a pass all questions with what was right."""
    right = rules.judge(row.items, row.responses).right
    given = [*row.responses, *([[]] * len(row.items))]
    return [
        {**item, "chosen": response, "right": is_right, "shows_answer": bool(row.passed)}
        for item, response, is_right in zip(row.items, given, right, strict=False)
        if row.passed or not is_right
    ]


@require_GET
@people.learner_page
def media(request: HttpRequest, trial: UUID, key: str) -> HttpResponseBase:
    """Return a picture or film that a question of the learner's own try shows."""
    if not services.shows_media(trial, key, learner_id=_learner_id(request)):
        raise DomainError("not_found", _("没有找到这个图片或视频，请刷新页面。"), status=404)
    return questions.media.serve(request, key)


@require_POST
@people.learner_page
def begin(request: HttpRequest, assignment: UUID, courseware: int) -> HttpResponse:
    """Lay a try out."""
    try:
        services.begin(learner_id=_learner_id(request), assignment_uuid=assignment, courseware_id=courseware, at=clock.now())
    except DomainError as refusal:
        _tell(request, refusal)
    return redirect("learn-quiz", assignment, courseware)


@require_POST
@people.learner_page
def submit(request: HttpRequest, assignment: UUID, courseware: int, trial: UUID) -> HttpResponse:
    """Judge a try."""
    who = _learner_id(request)
    limits.spend(ANSWERS, "quiz", require().schema, str(who))  # each one stands in the ledger for good
    row = services.own_try(trial, learner_id=who)
    try:
        done = services.submit(learner_id=who, trial=trial, responses=forms.responses(row.items, request.POST), at=clock.now())
    except DomainError as refusal:
        _tell(request, refusal)
    else:
        if done.passed:
            messages.success(request, _("测验通过：%(score)s 分。") % {"score": done.score})
        else:
            messages.info(request, _("这次 %(score)s 分，还没有通过。") % {"score": done.score})
    return redirect("learn-quiz", assignment, courseware)


def _tell(request: HttpRequest, refusal: DomainError) -> None:
    if refusal.code not in _TOLD:
        raise refusal
    messages.error(request, refusal.message)
