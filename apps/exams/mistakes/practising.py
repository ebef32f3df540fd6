"""Practice: up to ten questions of the book, each answered once, with the explanation behind it. Earns no learning time."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.mistakes import queries, rules, services
from apps.exams.mistakes.models import Mistake, Practice
from apps.exams.mistakes.shapes import PRACTICE, Answered, PracticeView
from infra.kit.errors import DomainError
from public.questions import api as questions

STALE = timedelta(hours=12)
"""A practice that was left lying so long is over; its answers stand."""


@transaction.atomic
def start(*, learner_id: int, point: str = "", at: datetime) -> PracticeView:
    """Begin a practice of what is due, or of one point whether due or not; an open one of the same kind goes on (two tabs share it).

    :param point: name of a knowledge point, "" for what is due today
    :raises DomainError: 409 ``nothing_due``, ``nothing_left`` where the point has no question in the book
    """
    services.hold(learner_id)
    running = Practice.objects.filter(learner_id=learner_id, finished_at=None).first()
    if running is not None:
        if running.point == point and at - running.started_at < STALE:
            return queries.practice_view(running)
        _finish(running, at)
    chosen = list(queries.to_practise(learner_id, point=point, at=at)[: rules.PER_PRACTICE])
    if not chosen:
        raise _nothing_left() if point else _nothing_due()
    row = Practice.objects.create(learner_id=learner_id, point=point, items=_laid_out(chosen), started_at=at)
    return queries.practice_view(row)


def _laid_out(chosen: Sequence[Mistake]) -> list[dict[str, Any]]:
    seed = secrets.randbits(63)
    return [{**item, "no": no} for no, row in enumerate(chosen, 1) for item in questions.lay_out([row.item], seed=seed + no)]


@transaction.atomic
def answer(*, practice: UUID, learner_id: int, no: int, response: Sequence[str], at: datetime) -> PracticeView:
    """Judge the answer to one question; what was answered stays, so a second press of the button changes nothing.

    An empty answer counts as wrong: who does not know it says so. A text waits for its learner (`assess`).

    :param response: as `public.questions` wants it; ``[]`` for "I do not know"
    :raises DomainError: ``not_found`` (404); ``unknown_question``; ``bad_response`` (422)
    """
    row = _held(practice, learner_id)
    item = _item(row, no)
    if str(no) in row.answers:
        return queries.practice_view(row)
    given = questions.clean(item, list(response))
    if given is None:
        raise DomainError("bad_response", _("答案和题目对不上，请重新选择后提交。"), status=422)
    points = questions.mark(item, given)
    right = None if points is None else points == questions.worth(item)
    row.answers = {**row.answers, str(no): {"response": given, "right": right, "mastered": False}}
    return _judged(row, no, right, at)


@transaction.atomic
def assess(*, practice: UUID, learner_id: int, no: int, right: bool, at: datetime) -> PracticeView:
    """Keep what a learner says of the own text after reading the model answer; said once, it stands.

    :raises DomainError: ``not_found`` (404); ``unknown_question``; ``not_answered`` (409)
    """
    row = _held(practice, learner_id)
    _item(row, no)
    said = row.answers.get(str(no))
    if said is None:
        raise DomainError("not_answered", _("请先写下您的答案，再对照参考答案判断。"), status=409)
    if said["right"] is not None:
        return queries.practice_view(row)
    row.answers = {**row.answers, str(no): {**said, "right": right}}
    return _judged(row, no, right, at)


@transaction.atomic
def stop(*, practice: UUID, learner_id: int, at: datetime) -> None:
    """End a practice early; what was answered stands.

    :raises DomainError: ``not_found`` (404)
    """
    row = _held(practice, learner_id)
    if row.finished_at is None:
        _finish(row, at)


def _judged(row: Practice, no: int, right: bool | None, at: datetime) -> PracticeView:
    """Save a judged answer and let the book know; the last one ends the practice."""
    item = _item(row, no)
    if right is not None:
        said = row.answers[str(no)]
        one = Answered(item, said["response"], right)
        services.collect(learner_id=row.learner_id, source=PRACTICE, ref=row.uuid, answers=[one], at=at)
        mastered = Mistake.objects.filter(learner_id=row.learner_id, key=rules.key_of(item), mastered_at=at).exists()
        row.answers = {**row.answers, str(no): {**said, "mastered": mastered}}
        if all(one["right"] is not None for one in row.answers.values()) and len(row.answers) == len(row.items):
            row.finished_at = at
    row.save(update_fields=["answers", "finished_at"])
    return queries.practice_view(row)


def _held(practice: UUID, learner_id: int) -> Practice:
    services.hold(learner_id)
    return queries.own_practice(practice, learner_id=learner_id)


def _item(row: Practice, no: int) -> dict[str, Any]:
    found: dict[str, Any] | None = next((item for item in row.items if item["no"] == no), None)
    if found is None:
        raise DomainError("unknown_question", _("这次练习里没有这道题，请从错题本重新进入。"), status=404)
    return found


def _finish(row: Practice, at: datetime) -> None:
    row.finished_at = max(at, row.started_at)
    row.save(update_fields=["finished_at"])


def _nothing_due() -> DomainError:
    return DomainError("nothing_due", _("今天没有要练的错题。可以选一个知识点多练几道。"), status=409)


def _nothing_left() -> DomainError:
    return DomainError("nothing_left", _("这个知识点的错题都已掌握。可以把已掌握的题放回错题本再练。"), status=409)
