"""Reads of one learner's book."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.mistakes.models import Mistake, Practice
from apps.exams.mistakes.shapes import MistakeView, PointView, PracticeView, Step
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import api as questions


def due_count(learner_id: int, *, at: datetime) -> int:
    """Return how many questions wait for practice today; one query."""
    return _due(learner_id, clock.shanghai_date(at)).count()


def _due(learner_id: int, day: date) -> QuerySet[Mistake]:
    return Mistake.objects.filter(learner_id=learner_id, mastered_at=None, due_on__lte=day)


def to_practise(learner_id: int, *, point: str, at: datetime) -> QuerySet[Mistake]:
    """Return what a practice takes, the longest due first; of a point all that is in the book."""
    rows = Mistake.objects.filter(learner_id=learner_id, mastered_at=None, point=point)
    rows = rows if point else _due(learner_id, clock.shanghai_date(at))
    return rows.order_by("due_on", "-times", "pk")


def book(learner_id: int, *, text: str = "", point: str = "", mastered: bool = False) -> QuerySet[Mistake]:
    """Return questions of the book: those due first; of the mastered ones the latest first.

    :param text: words of the stem, the point or the law
    """
    rows = Mistake.objects.filter(learner_id=learner_id, mastered_at__isnull=not mastered)
    rows = rows.filter(point=point) if point else rows
    for word in text.split()[:5]:
        rows = rows.filter(Q(item__stem__icontains=word) | Q(point__icontains=word) | Q(item__basis__icontains=word))
    return rows.order_by("-mastered_at", "pk") if mastered else rows.order_by("due_on", "-last_wrong_at", "pk")


def mistake_view(row: Mistake) -> MistakeView:
    """Return a question as a list may show it."""
    mastery = 100 if row.mastered_at else min(99, row.memory.mastery)
    stem = row.item["stem"]
    return MistakeView(
        row.uuid, row.item["kind"], row.point, stem, row.times, mastery, row.due_on, row.last_wrong_at, row.mastered_at
    )


def points(learner_id: int, *, at: datetime) -> list[PointView]:
    """Return how a learner stands at each point, the weakest first; one query."""
    today, rows = clock.shanghai_date(at), Mistake.objects.filter(learner_id=learner_id).defer("item")
    by_point: dict[str, list[Mistake]] = defaultdict(list)
    for row in rows:
        by_point[row.point].append(row)
    found = [_point(name, mine, today) for name, mine in by_point.items()]
    return sorted(found, key=lambda one: (not one.left, one.mastery, -one.left, one.point))


def _point(name: str, rows: list[Mistake], today: date) -> PointView:
    left = [row for row in rows if row.mastered_at is None]
    learnt = len(rows) - len(left)
    mastery = (100 * learnt + sum(min(99, row.memory.mastery) for row in left)) // len(rows)
    return PointView(name, mastery, len(left), sum(row.due_on <= today for row in left), learnt)


def counts(learner_id: int) -> tuple[int, int]:
    """Return how many questions are in the book, and how many were mastered; one query."""
    found = Mistake.objects.filter(learner_id=learner_id).aggregate(
        left=Count("pk", filter=Q(mastered_at=None)), learnt=Count("pk", filter=Q(mastered_at__isnull=False))
    )
    return found["left"], found["learnt"]


def next_due(learner_id: int) -> date | None:
    """Return the day on which something is due next, None where the book is empty."""
    rows = Mistake.objects.filter(learner_id=learner_id, mastered_at=None).order_by("due_on")
    return rows.values_list("due_on", flat=True).first()


def own_practice(uuid: UUID, *, learner_id: int) -> Practice:
    """Return one practice of this learner.

    :raises DomainError: ``not_found`` (404), also for somebody else's
    """
    row = Practice.objects.filter(uuid=uuid, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次练习，请从错题本重新进入。"), status=404)
    return row


def practice_view(row: Practice) -> PracticeView:
    """Return a practice as its learner may see it: keys, explanations and laws only of what was answered."""
    return PracticeView(row.uuid, row.point, [_step(item, row) for item in row.items], row.finished_at is not None)


def medium(row: Practice, *, no: int, index: int) -> str:
    """Return the key (`public.questions.media`) of one picture or film of a question, those of its case counted first.

    :raises DomainError: ``not_found`` (404)
    """
    item: dict[str, Any] = next((one for one in row.items if one["no"] == no), {})
    found = [*((item.get("case") or {}).get("media") or []), *(item.get("media") or [])]
    if not 0 <= index < len(found):
        raise DomainError("not_found", _("没有找到这份材料，请刷新页面。"), status=404)
    return str(found[index]["key"])


def _step(item: dict[str, Any], row: Practice) -> Step:
    said = row.answers.get(str(item["no"]))
    if said is None:
        return Step(item["no"], questions.hide(item), [], answered=False, right=None)
    return Step(item["no"], item, said["response"], answered=True, right=said["right"], mastered=said["mastered"])
