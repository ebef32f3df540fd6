"""Reads of classes. Every list costs the same number of queries however long it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.classes import attending, confirming, rules
from apps.plans.classes.models import Attendance, OfflineClass, Seat
from apps.plans.models import Assignment
from infra.kit.errors import DomainError

State = OfflineClass.State
STATES: dict[str, Any] = {
    "UPCOMING": _("未开始"),
    "RUNNING": _("上课中"),
    "ENDED": _("待结课"),
    "SUBMITTED": _("待确认"),
    "CONFIRMED": _("已确认"),
    "CANCELLED": _("已取消"),
}
"""How a class stands on the clock."""
TONES = {"RUNNING": "info", "ENDED": "attention", "SUBMITTED": "attention", "CONFIRMED": "proven"}
SORTS = {
    "start": ("starts_at", "id"),
    "-start": ("-starts_at", "-id"),
    "topic": ("topic", "id"),
    "-topic": ("-topic", "-id"),
    "people": ("people", "id"),
    "-people": ("-people", "-id"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which classes somebody sees: of the units ``within`` (None: all), or with ``taught_by`` only a trainer's own."""

    within: people.Units = None
    taught_by: int | None = None


def classes(
    scope: Scope, *, text: str = "", state: str = "", plan: UUID | None = None, sort: str = "", at: datetime
) -> QuerySet[OfflineClass]:
    """Return classes with trainer, room, plan and ``people`` who sit in (those the asker sees); the next ones first.

    :param state: a key of STATES or ""
    """
    rows = _seen(scope).select_related("trainer", "room", "plan")
    rows = rows.annotate(people=Count("seats", filter=people.belongs(scope.within, "seats__learner"), distinct=True))
    for word in text.split():
        rows = rows.filter(
            Q(topic__icontains=word)
            | Q(number__icontains=word)
            | Q(trainer__name__icontains=word)
            | Q(room__name__icontains=word)
            | Q(plan__title__icontains=word)
        )
    if plan is not None:
        rows = rows.filter(plan__uuid=plan)
    if state in STATES:
        rows = rows.filter(_stands(state, at))
    return rows.order_by(*SORTS.get(sort, SORTS["-start"]))


def _stands(state: str, at: datetime) -> Q:
    by_clock = {
        "UPCOMING": Q(starts_at__gt=at),
        "RUNNING": Q(starts_at__lte=at, ends_at__gt=at),
        "ENDED": Q(ends_at__lte=at),
    }
    return by_clock[state] & Q(state=State.PLANNED) if state in by_clock else Q(state=state)


def _seen(scope: Scope) -> QuerySet[OfflineClass]:
    rows = OfflineClass.objects.all()
    if scope.taught_by is not None:
        return rows.filter(trainer__manager_id=scope.taught_by)
    if scope.within is not None:
        mine = Seat.objects.filter(people.belongs(scope.within, "learner"), klass=OuterRef("pk"))
        return rows.filter(Exists(mine))
    return rows


def klass(uuid: UUID, scope: Scope) -> OfflineClass:
    """Return one class with everybody who had to do with it.

    :raises DomainError: 404 ``not_found``, also where the asker does not see it
    """
    rows = _seen(scope).select_related("trainer", "room", "plan", "created_by", "submitted_by", "confirmed_by")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这节线下课，请从列表重新进入。"), status=404)
    return row


def standing(row: OfflineClass, at: datetime) -> str:
    """Return the key of STATES in which a class is at ``at``."""
    if row.state != State.PLANNED:
        return str(row.state)
    return "UPCOMING" if at < row.starts_at else "RUNNING" if at < row.ends_at else "ENDED"


@dataclass(frozen=True, slots=True)
class Line:
    """One learner of a class as its page shows it. ``since``, ``until``: the first and the last moment of presence."""

    seat: Seat
    learner: people.LearnerView
    outcome: confirming.Outcome

    @property
    def since(self) -> datetime | None:
        """When presence began."""
        spans = self.outcome.presence.spans
        return spans[0][0] if spans else self.outcome.presence.open_since

    @property
    def until(self) -> datetime | None:
        """When presence ended; None while nobody signed out."""
        spans, is_open = self.outcome.presence.spans, self.outcome.presence.open_since is not None
        return spans[-1][1] if spans and not is_open else None

    @property
    def is_open(self) -> bool:
        """Signed in and not out."""
        return self.outcome.presence.open_since is not None

    @property
    def by_hand(self) -> Attendance | None:
        """The last row that a manager wrote."""
        return next((event for event in reversed(self.outcome.events) if event.by_id), None)


def lines(row: OfflineClass, *, within: people.Units = None, learners: list[int] | None = None) -> list[Line]:
    """Return the learners of a class by unit and name; five queries."""
    seats = row.seats.filter(people.belongs(within, "learner"))
    if learners is not None:
        seats = seats.filter(learner_id__in=learners)
    found = list(seats.order_by("learner__unit__name", "learner__name", "learner_id"))
    known = people.learners([seat.learner_id for seat in found])
    return [
        Line(seat, known[seat.learner_id], outcome) for seat, outcome in zip(found, confirming.outcomes(row, found), strict=True)
    ]


def candidates(row: OfflineClass, *, text: str = "") -> list[people.LearnerView]:
    """Return those of the plan who are on the books and do not sit in the class, by name."""
    duties = Assignment.objects.filter(plan_id=row.plan_id, learner__status="ACTIVE")
    duties = duties.exclude(learner_id__in=row.seats.values("learner_id"))
    for word in text.split():
        duties = duties.filter(Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word))
    ids = list(duties.order_by("learner__name", "learner_id").values_list("learner_id", flat=True)[: rules.MOST_SEATS])
    known = people.learners(ids)
    return [known[key] for key in ids]


@dataclass(frozen=True, slots=True)
class OwnClass:
    """One class as its learner sees it. ``stands``: a key of STATES; ``due``: what to do now, ``in``, ``out`` or ""."""

    seat: Seat
    klass: OfflineClass
    stands: str
    presence: rules.Presence
    due: str


def own_classes(learner_id: int, *, at: datetime) -> list[OwnClass]:
    """Return a learner's classes, the running and coming ones first by time, then the past ones; two queries."""
    rows = Seat.objects.filter(learner_id=learner_id).select_related("klass__trainer", "klass__room", "klass__plan")
    found = [own_class(seat, at=at) for seat in rows.prefetch_related("attendance")]
    coming = sorted((one for one in found if one.klass.ends_at + rules.LATE > at), key=lambda one: one.klass.starts_at)
    past = sorted((one for one in found if one not in coming), key=lambda one: one.klass.starts_at, reverse=True)
    return coming + past


def own_class(seat: Seat, *, at: datetime) -> OwnClass:
    """Return the view of a seat whose class is loaded."""
    row = seat.klass
    events = sorted(seat.attendance.all(), key=lambda event: event.pk)
    found = attending.presence_of(row, events)
    is_open = row.state == State.PLANNED and rules.signing_is_open(at, starts_at=row.starts_at, ends_at=row.ends_at)
    due = "" if not is_open else "out" if found.open_since else "in"
    return OwnClass(seat, row, standing(row, at), found, due)
