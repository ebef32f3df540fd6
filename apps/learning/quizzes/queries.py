"""Reads of quizzes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from apps.learning.models import StudySession
from apps.learning.quizzes import rules
from apps.learning.quizzes.models import QuizTry
from apps.learning.quizzes.rules import Gate
from public.catalogue import api as catalogue
from public.catalogue.api import QuizView

MINUTE_MS = 60_000


def done(*, learner_id: int, courseware_ids: Sequence[int]) -> frozenset[int]:
    """Return those coursewares that are quizzes and that the learner has passed; one query."""
    rows = QuizTry.objects.filter(learner_id=learner_id, courseware_id__in=courseware_ids, point=None, passed=True)
    return frozenset(rows.values_list("courseware_id", flat=True))


def holds(*, learner_id: int, version_id: int) -> bool:
    """Say whether what the learner studies of a version does not count yet (exclusion rule (e)); the proofs must be held."""
    if not catalogue.holds_hours(version_id):
        return False
    wanted = [quiz.courseware_id for quiz in catalogue.quizzes_of([version_id]) if quiz.at_ms is None]
    return bool(set(wanted) - done(learner_id=learner_id, courseware_ids=wanted))


def gates(*, learner_id: int, courseware_id: int) -> list[Gate]:
    """Return the points of a film that the learner has not answered, in the order of time; at most two queries."""
    points = catalogue.points_of(courseware_id)
    if not points:
        return []
    tries = QuizTry.objects.filter(learner_id=learner_id, courseware_id=courseware_id, point__in=[one.uuid for one in points])
    sums = tries.values("point").annotate(
        good=Count("id", filter=Q(passed=True)), bad=Count("id", filter=Q(passed=False)), open=Count("id", filter=Q(passed=None))
    )
    told = {row["point"]: row for row in sums.order_by()}
    found, start = [], 0
    for one in points:
        known = told.get(one.uuid, {"good": 0, "bad": 0, "open": 0})
        if not known["good"]:
            is_closed = not known["open"] and rules.goes_back(one.on_wrong, known["bad"])
            found.append(Gate(one.uuid, one.at_ms or 0, start, is_closed))
        start = one.at_ms or 0
    return found


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a learner stands at a quiz lesson. ``left``: tries before studying again, None: any number; ``restudy_ms``: play still
    due before the next try. ``open``: a try that waits for its answers; ``last``: the newest answered one.
    """

    quiz: QuizView
    passed_at: datetime | None
    failed: int
    left: int | None
    restudy_ms: int
    open: QuizTry | None
    last: QuizTry | None

    @property
    def is_done(self) -> bool:
        """Whether it is passed."""
        return self.passed_at is not None


def stand(*, learner_id: int, quiz: QuizView, course_ms: int) -> Stand:
    """Return where a learner stands; three queries.

    :param course_ms: length of the course, more than which nobody must study again
    """
    rows = QuizTry.objects.filter(learner_id=learner_id, courseware_id=quiz.courseware_id, point=None)
    tries = list(rows.order_by("number"))
    answered = [row for row in tries if not row.is_open]
    failed = [row for row in answered if not row.passed]
    passed = next((row for row in answered if row.passed), None)
    wanted = min(quiz.restudy_minutes * MINUTE_MS, course_ms)
    studied = _studied_ms(learner_id, quiz.version_id, failed[-1].answered_at) if failed and quiz.tries else 0
    due = rules.must_restudy(tries=quiz.tries, failed=len(failed), studied_ms=studied, wanted_ms=wanted)
    return Stand(
        quiz=quiz,
        passed_at=passed.answered_at if passed else None,
        failed=len(failed),
        left=rules.tries_left(quiz.tries, len(failed)),
        restudy_ms=wanted - studied if due else 0,
        open=next((row for row in tries if row.is_open), None),
        last=answered[-1] if answered else None,
    )


def _studied_ms(learner_id: int, version_id: int, since: datetime | None) -> int:
    rows = StudySession.objects.filter(learner_id=learner_id, version_id=version_id, opened_at__gt=since)
    return int(rows.aggregate(ms=Sum("playing_ms"))["ms"] or 0)


def next_number(*, learner_id: int, courseware_id: int, point: UUID | None) -> int:
    """Return the number of the learner's next try at a quiz or point."""
    rows = QuizTry.objects.filter(learner_id=learner_id, courseware_id=courseware_id, point=point)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
