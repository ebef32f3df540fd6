"""Reads of the manager's live board. Every page costs the same number of queries however many study."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.learning.models import Appeal, ProofState, StudySession, Void
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.monitor.api import ALERT_SCORE

SILENT = timedelta(seconds=40)
ENDED_WITHIN = timedelta(hours=24)
MANY_BESIDE = 10
"""From this many open sessions behind one address on, the board says so; a class in one room is no offence."""
SORTS = {
    "name": ("learner__name", "id"),
    "-name": ("-learner__name", "-id"),
    "score": ("score", "id"),
    "-score": ("-score", "-last_at", "-id"),
    "last": ("last_at", "id"),
    "-last": ("-last_at", "-id"),
    "credited": ("credited_ms", "id"),
    "-credited": ("-credited_ms", "-id"),
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Numbers of this moment: sessions that are open, odd, silent or waiting for a proof."""

    studying: int
    alerts: int
    silent: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Todo:
    """What waits for a manager: locked learners, appeals, and how much was voided today."""

    locked: list[ProofState]
    appeals: int
    voids_today: int


def sums(*, at: datetime, within: people.Units = None) -> Sums:
    """Count the open sessions of the units ``within`` in one query."""
    found = StudySession.objects.filter(people.belongs(within, "learner"), closed_at=None).aggregate(
        studying=Count("id"),
        alerts=Count("id", filter=Q(score__gte=ALERT_SCORE)),
        silent=Count("id", filter=Q(last_state="playing", last_at__lt=at - SILENT)),
        waiting=Count("id", filter=Q(last_state="must_prove")),
    )
    return Sums(**found)


def sessions(
    *, text: str = "", show: str = "", sort: str = "", at: datetime, within: people.Units = None
) -> QuerySet[StudySession]:
    """Return the sessions that fit: open ones, the odd first.

    :param text: part of a learner's, a unit's, a course's or a lesson's name
    :param show: ``alerts``, ``silent``, ``waiting`` (for a proof), ``ended`` (within 24 hours) or "" for all open ones
    :param within: units that the asker sees
    """
    rows = StudySession.objects.select_related("learner__unit").filter(people.belongs(within, "learner"))
    rows = rows.filter(closed_at__gte=at - ENDED_WITHIN) if show == "ended" else rows.filter(closed_at=None)
    if show == "alerts":
        rows = rows.filter(score__gte=ALERT_SCORE)
    elif show == "silent":
        rows = rows.filter(last_state="playing", last_at__lt=at - SILENT)
    elif show == "waiting":
        rows = rows.filter(last_state="must_prove")
    for word in text.split()[:5]:
        about = Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word)
        rows = rows.filter(about | Q(course_title__icontains=word) | Q(courseware_title__icontains=word))
    return rows.order_by(*SORTS.get(sort, ("-last_at", "-id") if show == "ended" else SORTS["-score"]))


def crowded_addresses(rows: list[StudySession]) -> set[str]:
    """Return those addresses of ``rows`` behind which many study at the same time."""
    beside = StudySession.objects.filter(closed_at=None, ip__in={row.ip for row in rows}).values("ip")
    found = beside.annotate(n=Count("id")).filter(n__gte=MANY_BESIDE)
    return set(found.values_list("ip", flat=True))


def todo(*, at: datetime, most: int = 20, within: people.Units = None) -> Todo:
    """Return what waits for a manager of the units ``within``, locked learners by how long they have been waiting."""
    today = clock.shanghai_midnight(clock.shanghai_date(at))
    seen = people.belongs(within, "learner")
    locked = ProofState.objects.exclude(locked_at=None).filter(seen).select_related("learner__unit").order_by("locked_at", "id")
    return Todo(
        list(locked[:most]),
        Appeal.objects.filter(seen, state=Appeal.State.FIRST).count(),
        Void.objects.filter(seen, at__gte=today).count(),
    )


def session(uuid: UUID, *, within: people.Units = None) -> StudySession:
    """Return one session of the units ``within`` with its learner and voids.

    :raises DomainError: 404 ``not_found``
    """
    row = StudySession.objects.select_related("learner__unit").filter(people.belongs(within, "learner"), uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次学习，请从列表重新进入。"), status=404)
    return row
