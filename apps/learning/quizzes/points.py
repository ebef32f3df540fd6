"""Points of a film: asked once it was really watched up to there, judged here, and nothing beyond counts before.

The session knows its next point (``gate_ms``), so a beat asks nobody; only what is said here moves it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.learning import holding
from apps.learning.models import StudySession
from apps.learning.quizzes import drawing, queries, rules, telling
from apps.learning.quizzes.models import QuizTry
from apps.learning.rules import is_at_gate
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import QuizView
from public.questions import api as questions


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose session stands at which point."""

    session: UUID
    point: UUID
    learner_id: int
    terminal: str


@transaction.atomic
def show(asking: Asking, *, at: datetime) -> dict[str, Any]:
    """Return what the film's next point asks; the first time lays a try out. One that is passed says so.

    :return: ``{state: open|passed, try, number, back, questions: [hidden items]}``
    :raises DomainError: ``not_found``; 409 ``wrong_terminal``, ``closed``, ``not_reached`` before the film was watched up to it,
        ``quiz_empty``
    """
    row = _held(asking)
    if _passed(asking, row):
        _move_on(row)
        return {"state": "passed"}
    found = _reached(asking, row)
    trial = _open_try(asking, row) or QuizTry.objects.create(
        learner_id=asking.learner_id,
        assignment_id=row.assignment_id,
        version_id=row.version_id,
        courseware_id=row.courseware_id,
        point=asking.point,
        number=queries.next_number(learner_id=asking.learner_id, courseware_id=row.courseware_id, point=asking.point),
        items=drawing.lay_out(found),
        opened_at=at,
    )
    back = rules.goes_back(found.on_wrong, _failed(asking, row) + 1)
    shown = [questions.hide(item) for item in trial.items]
    return {"state": "open", "try": str(trial.uuid), "number": trial.number, "back": back, "questions": shown}


@transaction.atomic
def answer(asking: Asking, *, trial: UUID, responses: Sequence[Sequence[str]], at: datetime) -> dict[str, Any]:
    """Judge a try. The same try again gets its result again and changes nothing.

    :return: ``{outcome: right|again|back, message, position_ms, furthest_ms, explanations: [{right, text, basis}]}``; explanations only
        where it was right, for a wrong one is asked again
    :raises DomainError: as :func:`show`; 422 ``bad_answer``
    """
    row = _held(asking)
    mine = QuizTry.objects.select_for_update().filter(uuid=trial, learner_id=asking.learner_id, point=asking.point)
    found = mine.filter(courseware_id=row.courseware_id).first()
    if found is None:
        raise DomainError("not_found", _("没有这道题，请刷新页面后继续。"), status=404)
    point = catalogue.point(asking.point)
    if not found.is_open:
        return _told(found, row, outcome=_outcome(found, point, _failed(asking, row)))
    _reached(asking, row)
    found.responses = drawing.clean(found.items, [list(one) for one in responses])
    result = rules.judge(found.items, found.responses)
    found.answered_at, found.score, found.passed = at, result.score, all(result.right)
    found.save(update_fields=["responses", "answered_at", "score", "passed"])
    telling.answers(found, shows_keys=bool(found.passed))
    outcome = _outcome(found, point, _failed(asking, row))
    if outcome == "right":
        _move_on(row)
    elif outcome == "back":
        _go_back(row)
    return _told(found, row, outcome=outcome)


def _outcome(found: QuizTry, point: QuizView, failed: int) -> str:
    if found.passed:
        return "right"
    return "back" if rules.goes_back(point.on_wrong, failed) else "again"


def _told(found: QuizTry, row: StudySession, *, outcome: str) -> dict[str, Any]:
    words = {
        "right": _("回答正确，继续学习。"),
        "again": _("没有答对，题目和选项已重新排列，请再试一次。"),
        "back": _("没有答对，已回到本段开头，看完后再答一次。"),
    }
    explained = [_explained(item) for item in found.items] if outcome == "right" else []
    return {
        "outcome": outcome,
        "message": words[outcome],
        "position_ms": row.accepted_ms,
        "furthest_ms": row.furthest_ms,
        "explanations": explained,
    }


def _explained(item: Mapping[str, Any]) -> dict[str, str]:
    return {"text": item.get("explanation", ""), "basis": item.get("basis", "")}


def _held(asking: Asking) -> StudySession:
    """Lock and return the learner's open session on this terminal."""
    row = StudySession.objects.select_for_update().filter(uuid=asking.session, learner_id=asking.learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有这次学习。请回到课程页重新开始。"), status=404)
    if row.terminal != asking.terminal:
        raise DomainError("wrong_terminal", _("请在正在学习的那台设备上回答。"), status=409)
    if not row.is_open:
        raise DomainError("closed", _("这次学习已经结束。请点“继续学习”重新开始。"), status=409, reason=row.close_reason)
    return row


def _reached(asking: Asking, row: StudySession) -> QuizView:
    """Return the point that the session stands at.

    :raises DomainError: 409 ``not_reached``
    """
    if row.gate != asking.point or not is_at_gate(row.accepted_ms, row.gate_ms):
        raise DomainError("not_reached", _("还没有学到这道题，请先继续观看。"), status=409)
    return catalogue.point(asking.point)


def _tries(asking: Asking, row: StudySession) -> Any:
    return QuizTry.objects.filter(learner_id=asking.learner_id, courseware_id=row.courseware_id, point=asking.point)


def _open_try(asking: Asking, row: StudySession) -> QuizTry | None:
    found: QuizTry | None = _tries(asking, row).filter(answered_at=None).first()
    return found


def _failed(asking: Asking, row: StudySession) -> int:
    return int(_tries(asking, row).filter(passed=False).count())


def _passed(asking: Asking, row: StudySession) -> bool:
    return bool(_tries(asking, row).filter(passed=True).exists())


def _move_on(row: StudySession) -> None:
    """Open the film up to its next point. The time it took to answer pays nothing: the next interval opens with the next beat."""
    left = queries.gates(learner_id=row.learner_id, courseware_id=row.courseware_id)
    row.gate_ms, row.gate = (left[0].at_ms, left[0].uuid) if left else (None, None)
    row.last_state = "paused" if row.last_state == "playing" else row.last_state
    row.save(update_fields=["gate_ms", "gate", "last_state"])


def _go_back(row: StudySession) -> None:
    """Take the film back to where the passage of its point begins; what was watched stays earned, and is watched again."""
    gate = next(one for one in queries.gates(learner_id=row.learner_id, courseware_id=row.courseware_id) if one.uuid == row.gate)
    row.accepted_ms = row.furthest_ms = gate.from_ms
    row.last_state = "paused" if row.last_state == "playing" else row.last_state
    row.save(update_fields=["accepted_ms", "furthest_ms", "last_state"])
    cover = holding.coverage_of(row.learner_id, row.courseware_id)
    cover.position_ms = gate.from_ms
    cover.save(update_fields=["position_ms"])
