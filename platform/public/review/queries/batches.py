"""Batches of questions: lists, and where each of the four angles stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators.api import Me, Role
from public.review import signing
from public.review.models import Angle, BatchVerdict, QuestionBatch
from public.review.queries.policy import policy

State = QuestionBatch.State


@dataclass(frozen=True, slots=True)
class AngleLine:
    """One angle of a batch: its verdict or None, whether that is whole, and whether whoever asks may judge it now."""

    angle: str
    name: Any
    verdict: BatchVerdict | None
    is_whole: bool
    may_judge: bool


def batches(me: Me, *, search: str = "", state: str = "") -> QuerySet[QuestionBatch]:
    """Return the batches that ``me`` may see (authors their own), what is due first; each with ``judged``, verdicts so far."""
    rows = QuestionBatch.objects.defer("content").annotate(judged=Count("verdicts"))
    if me.role == Role.AUTHOR:
        rows = rows.filter(author_id=me.credential_id)
    if state in State.values:
        rows = rows.filter(state=state)
    for word in search.replace("\0", "").split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(author_name__icontains=word))
    return rows.order_by("closed_at", "due_at", "pk") if state in {State.IN_REVIEW, State.PASSED} else rows.order_by("-at", "-pk")


def batch(uuid: UUID, me: Me) -> QuestionBatch:
    """Return one batch that ``me`` may see.

    :raises DomainError: ``not_found``, also for another author's
    """
    row = QuestionBatch.objects.filter(uuid=uuid).first()
    if row is None or (me.role == Role.AUTHOR and row.author_id != me.credential_id):
        raise DomainError("not_found", _("没有找到这批试题，请从列表重新进入。"), status=404)
    return row


def angles(row: QuestionBatch, me: Me) -> list[AngleLine]:
    """Return the four angles of a batch."""
    given = {one.angle: one for one in row.verdicts.all()}
    judged = any(one.reviewer_id == me.credential_id for one in given.values()) and policy().one_angle_each
    free = row.state == State.IN_REVIEW and me.role == Role.REVIEWER and row.author_id != me.credential_id and not judged
    return [
        AngleLine(
            angle=angle.value,
            name=angle.label,
            verdict=given.get(angle.value),
            is_whole=angle.value in given and signing.verify(given[angle.value]),
            may_judge=free and angle.value not in given,
        )
        for angle in Angle
    ]


def remarks_on(row: QuestionBatch, code: str) -> list[tuple[Any, str]]:
    """Return what reviewers said of one question: (angle, words)."""
    return remarks(row).get(code, [])


def remarks(row: QuestionBatch) -> dict[str, list[tuple[Any, str]]]:
    """Return what reviewers said of single questions: code -> (angle, words)."""
    found: dict[str, list[tuple[Any, str]]] = {}
    for one in row.verdicts.all():
        for code, words in one.remarks.items():
            found.setdefault(code, []).append((one.get_angle_display(), words))
    return found


def returned(version_ids: list[int]) -> dict[int, QuestionBatch]:
    """Return the newest batch of each version, with its verdicts: what a draft that came back must answer to."""
    rows = QuestionBatch.objects.filter(lines__version_id__in=version_ids, state=State.RETURNED).order_by("at")
    pairs = rows.values_list("lines__version_id", "pk")
    known = QuestionBatch.objects.prefetch_related("verdicts").in_bulk([pk for _version, pk in pairs])
    return {version: known[pk] for version, pk in pairs if version in set(version_ids)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Figures for the desk's home."""

    to_judge: int
    late: int
    to_publish: int


def waiting(me: Me, *, at: datetime) -> Waiting:
    """Return how many batches wait: for a verdict that ``me`` may give, beyond their due date, for publication."""
    open_rows = QuestionBatch.objects.filter(state=State.IN_REVIEW).exclude(author_id=me.credential_id)
    if policy().one_angle_each:
        open_rows = open_rows.exclude(verdicts__reviewer_id=me.credential_id)
    found = open_rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    return Waiting(found["all"], found["late"], QuestionBatch.objects.filter(state=State.PASSED).count())
