"""Reads behind the desk's list of low performers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from public.search import rules
from public.search.models import CourseQuality, Entry


@dataclass(frozen=True, slots=True)
class Line:
    """One course in the list; shares are 0 to 1, None of nothing; ``reasons`` are in words."""

    course_id: int
    version_id: int | None
    code: str
    title: str
    ratings: int
    rating_bound: float | None
    starts: int
    completion: float | None
    attempts: int
    passing: float | None
    reasons: list[Any]
    low_since: datetime | None
    handled_at: datetime | None
    handled_note: str


def watched(show: str, *, search: str = "") -> QuerySet[CourseQuality]:
    """Return courses with figures: ``open`` low ones nobody dealt with, ``handled`` low ones, or ``all``; longest low first."""
    rows = CourseQuality.objects.select_related("course")
    if show == "open":
        rows = rows.filter(low_since__isnull=False, handled_at__isnull=True)
    elif show == "handled":
        rows = rows.filter(low_since__isnull=False, handled_at__isnull=False)
    for word in search.replace("\0", "").split():
        named = Entry.objects.filter(title__icontains=word).values("course_id")
        rows = rows.filter(Q(course__code__icontains=word) | Q(course_id__in=named))
    return rows.order_by(F("low_since").asc(nulls_last=True), "course_id")


def lines(rows: Any) -> list[Line]:
    """Return rows as the page shows them; one query for the titles."""
    rows = list(rows)
    entries = {entry.course_id: entry for entry in Entry.objects.filter(course_id__in=[row.pk for row in rows]).only(
        "course_id", "title")}  # fmt: skip
    return [_line(row, entries.get(row.pk)) for row in rows]


def _line(row: Any, entry: Entry | None) -> Line:
    bound = rules.rating_bound(row.ratings, row.rating_sum)
    reasons = []
    if row.low_since is not None:
        if row.ratings >= rules.ENOUGH and bound is not None and bound < rules.LOW_RATING:
            reasons.append(CourseQuality.Reason.RATING.label)
        if row.attempts >= rules.ENOUGH and row.passes < rules.LOW_PASSING * row.attempts:
            reasons.append(CourseQuality.Reason.PASSING.label)
    return Line(
        course_id=row.pk,
        version_id=entry.version_id if entry else None,
        code=row.course.code,
        title=entry.title if entry else row.course.code,
        ratings=row.ratings,
        rating_bound=bound,
        starts=row.starts,
        completion=rules.share(row.completions, row.starts),
        attempts=row.attempts,
        passing=rules.share(row.passes, row.attempts),
        reasons=reasons,
        low_since=row.low_since,
        handled_at=row.handled_at,
        handled_note=row.handled_note,
    )
