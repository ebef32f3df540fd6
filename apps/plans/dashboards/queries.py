"""Reads of the dashboards: the overview's numbers, people behind a cell, series behind a chart."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Least, NullIf
from redis.exceptions import RedisError

from apps.people import api as people
from apps.plans.dashboards import heat
from apps.plans.dashboards.filters import Filters
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.ports import EXAMS, STUDY, Alerts, ExamSums, StudyDay
from apps.plans.queries import DUE
from apps.plans.rules import SOON, credit_hours
from infra.kit import clock
from infra.kit.shapes import shape

KEPT_S = 600
YEARLY = ("INITIAL", "ANNUAL")
"""Trainings after which the next is due within a year (国家安全监管总局令第3号 arts. 9, 13)."""
REFRESH_AFTER = timedelta(days=365 - 60)
"""Two months before the year is over there is still time to open a plan; [P], the law names no notice."""
BANDS = tuple(range(0, 100, 10))
STATES = ("OVERDUE", "SOON", "ASSIGNED", "NEW", "COMPLETED", "REFRESH")
SORTS: dict[str, tuple[Any, ...]] = {
    "name": ("learner__name", "id"),
    "-name": ("-learner__name", "-id"),
    "due": ("due", "learner__name", "id"),
    "-due": ("-due", "learner__name", "id"),
    "progress": ("share", "learner__name", "id"),
    "-progress": ("-share", "learner__name", "id"),
    "exam": (F("exam_score").asc(nulls_first=True), "learner__name", "id"),
    "-exam": (F("exam_score").desc(nulls_last=True), "learner__name", "id"),
}


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers of one day. ``overdue``, ``due_soon``, ``uncovered`` count people, ``duties`` and ``done`` duties of running plans.

    ``any_plan``: whoever the asker sees has ever been in a plan.
    ``expired``, ``expiring``: special-operation certificates past their day, or within 90 days of it.
    ``refresh``: people whose yearly training is due within 60 days, or past, and not under way.
    """

    learners: int
    uncovered: int
    running: int
    duties: int
    done: int
    overdue: int
    due_soon: int
    any_plan: bool
    expired: int = 0
    expiring: int = 0
    refresh: int = 0

    @property
    def percent(self) -> int:
        """Share of duties that are done, cut."""
        return self.done * 100 // self.duties if self.duties else 0


def overview(asked: Filters, board: heat.Heat) -> Overview:
    """Return the numbers of what is asked, in six queries.

    :param board: the table of the same, which has counted the duties
    """
    soon = Q(due__gte=asked.today)
    until = Q(due__lte=asked.today + SOON)
    near = heat.duties(asked).filter(until, state=Assignment.State.ASSIGNED, plan__state="RUNNING")
    found = near.aggregate(
        overdue=Count("learner", distinct=True, filter=~soon),
        due_soon=Count("learner", distinct=True, filter=soon),
    )
    learners = people.count_learners(within=asked.within)
    covered = _ever(asked).filter(learner__status="ACTIVE").aggregate(n=Count("learner", distinct=True))["n"]
    papers = people.qualification_counts(within=asked.within, on=asked.today)
    anything = Assignment.objects.filter(people.belongs(asked.seen, "learner"), people.real("learner"))
    return Overview(
        learners=learners,
        uncovered=0 if asked.plan else max(0, learners - covered),
        any_plan=bool(board.total.people) or anything.exists(),
        running=board.running,
        duties=board.total.people,
        done=board.total.done,
        expired=papers["expired"],
        expiring=papers["soon"],
        refresh=refreshing(asked).count(),
        **found,
    )


def _ever(asked: Filters) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(people.belongs(asked.within, "learner"), people.real("learner"))
    return rows.filter(plan=asked.plan) if asked.plan else rows


def refreshing(asked: Filters) -> QuerySet[Assignment]:
    """Return the last yearly training of people whose next one is due soon and not under way."""
    other = Assignment.objects.filter(learner=OuterRef("learner"))
    newer = other.filter(state=Assignment.State.COMPLETED, plan__stage__in=YEARLY, completed_at__gt=OuterRef("completed_at"))
    under_way = other.filter(state=Assignment.State.ASSIGNED, plan__state=TrainingPlan.State.RUNNING)
    until = clock.shanghai_midnight(asked.today) - REFRESH_AFTER
    rows = (
        _ever(asked).annotate(due=DUE).filter(learner__status="ACTIVE", state=Assignment.State.COMPLETED, plan__stage__in=YEARLY)
    )
    return rows.filter(~Exists(newer), ~Exists(under_way), completed_at__lt=until)


def persons(asked: Filters, *, text: str = "", state: str = "", sort: str = "", own: bool = False) -> QuerySet[Assignment]:
    """Return the duties behind a cell or a number, with ``share`` (percent of the hours).

    :param state: one of ``STATES``; "" for all
    :param own: only people of the chosen unit itself, not of those below
    """
    rows = (refreshing(asked) if state == "REFRESH" else heat.duties(asked)).select_related(
        "plan", "certificate", "learner__unit"
    )
    rows = _shared(rows)
    if own and asked.unit_id is not None:
        rows = rows.filter(learner__unit=asked.unit_id)
    for word in text.split()[:5]:
        rows = rows.filter(Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word))
    match state:
        case "OVERDUE":
            rows = rows.filter(heat.late(asked))
        case "SOON":
            rows = rows.filter(Q(due__gte=asked.today, due__lte=asked.today + SOON), state="ASSIGNED")
        case "NEW":
            rows = rows.filter(state="ASSIGNED", earned_ms=0)
        case "ASSIGNED" | "COMPLETED":
            rows = rows.filter(state=state)
    return rows.order_by(*SORTS.get(sort, SORTS["due"]))


def loaded(ids: Iterable[int]) -> list[Assignment]:
    """Return these duties in this order, with ``share``, learner, unit and plan; sorting narrow rows first is what makes late pages fast."""
    wanted = list(ids)
    rows = {row.pk: row for row in _shared(Assignment.objects.filter(pk__in=wanted)).select_related("plan", "learner__unit")}
    return [rows[pk] for pk in wanted if pk in rows]


def _shared(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    rows = rows.annotate(due=DUE, asked_ms=Coalesce("required_ms", "plan__required_ms"))
    return rows.annotate(share=Least(F("earned_ms") * 100 / NullIf(F("asked_ms"), Value(0)), Value(100)))


@dataclass(frozen=True, slots=True)
class Figures:
    """What the charts show. ``hours``: (day as ``11-28``, credit hours), every day of the period; ``bands``: (words, tries)."""

    hours: list[tuple[str, float]]
    total_ms: int
    exams: ExamSums
    bands: list[tuple[str, int]]
    alerts: Alerts

    @property
    def pass_percent(self) -> int:
        """Share of tries that passed, cut."""
        return self.exams.passed * 100 // self.exams.tries if self.exams.tries else 0


def figures(asked: Filters) -> Figures:
    """Return the figures of the period, in five queries."""
    span = asked.span
    days, exams = study_days(asked), EXAMS.get().sums(span)
    every = [asked.since + timedelta(days=n) for n in range(asked.days)]
    bands = [(f"{low}–{100 if low == 90 else low + 9}", exams.bands.get(low, 0)) for low in BANDS]
    hours = [(f"{day:%m-%d}", credit_hours(days[day].ms if day in days else 0)) for day in every]
    alerts = Alerts(STUDY.get().voids(span), sum(day.odd for day in days.values()))
    return Figures(hours, sum(day.ms for day in days.values()), exams, bands, alerts)


def study_days(asked: Filters) -> dict[date, StudyDay]:
    """Return the sittings of each day. Days before today are added up once in ten minutes: a year of them is a lot of rows."""
    today = clock.shanghai_midnight(asked.today)
    units = "all" if asked.within is None else hashlib.sha256(repr(sorted(asked.within)).encode()).hexdigest()
    key = f"study-days:{shape(StudyDay)}:{asked.since}:{asked.today}:{asked.plan.pk if asked.plan else 0}:{units}"
    past: dict[date, StudyDay] | None = None
    with suppress(RedisError):  # without a cache it only takes longer
        past = cache.get(key)
    if past is None:
        past = STUDY.get().days(replace(asked.span, until=today))
        with suppress(RedisError):
            cache.set(key, past, KEPT_S)
    return past | STUDY.get().days(replace(asked.span, since=today))


def running_plans(asked: Filters) -> list[TrainingPlan]:
    """Return the plans to choose from: running ones with somebody whom the asker sees, those due first in front."""
    mine = Assignment.objects.filter(people.belongs(asked.seen, "learner"), people.real("learner"))
    rows = TrainingPlan.objects.filter(pk__in=mine.values("plan_id"), sample=False)
    state = Case(When(state="RUNNING", then=Value(0)), default=Value(1))
    return list(rows.order_by(state, "due_on", "pk")[:100])
