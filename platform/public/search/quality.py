"""What enterprises report of courses, and what follows from it: rank, and a place on the operators' list."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.search import rules
from public.search.models import CourseQuality, Entry, QualityDaily
from public.search.rules import Figures

_WINDOW = timedelta(days=365)
"""Older figures no longer count: courses and people change."""
_NAMES = Figures.__slots__


def record_day(*, day: date, figures: Mapping[int, Figures]) -> None:
    """Report what happened to courses in the current enterprise on one day. Stands in an enterprise; a second report is ignored.

    :param figures: course id -> figures of that day
    """
    rows = [
        QualityDaily(day=day, course_id=course_id, **{name: getattr(found, name) for name in _NAMES})
        for course_id, found in sorted(figures.items())
        if not found.is_empty
    ]
    QualityDaily.objects.bulk_create(rows, ignore_conflicts=True)


def figures_of(row: Any) -> Figures:
    """Return the figures of a row, or of a dictionary with their names."""
    return Figures(*((row[name] if isinstance(row, dict) else getattr(row, name)) or 0 for name in _NAMES))


def shown(found: Figures) -> dict[str, Any]:
    """Return what the index keeps of a course's figures."""
    bound = rules.rating_bound(found.ratings, found.rating_sum)
    return {
        "rating": rules.rating_bucket(bound),
        "rating_bound": bound,
        "ratings": found.ratings,
        "aspects": rules.aspect_bounds(found),
        "completion": rules.share(found.completions, found.starts),
        "passing": rules.share(found.passes, found.attempts),
        "quality": rules.quality(found),
    }


def recount(*, at: datetime) -> int:
    """Add up the last year's reports of all enterprises into ranks and low performers. Runs on the platform.

    :returns: how many courses are low now
    """
    since = clock.shanghai_date(at) - _WINDOW
    sums: Any = QualityDaily.objects.filter(day__gte=since).values("course_id").annotate(**{f"{n}_": Sum(n) for n in _NAMES})
    found = {row["course_id"]: figures_of({name: row[f"{name}_"] for name in _NAMES}) for row in sums}
    known = set(Entry.objects.values_list("course_id", flat=True)) | set(CourseQuality.objects.values_list("pk", flat=True))
    for course_id in sorted(known & (set(found) | set(CourseQuality.objects.values_list("pk", flat=True)))):
        _keep(course_id, found.get(course_id, Figures()), at)
    return CourseQuality.objects.filter(low_since__isnull=False).count()


@transaction.atomic
def _keep(course_id: int, found: Figures, at: datetime) -> None:
    row, _made = CourseQuality.objects.select_for_update().get_or_create(course_id=course_id, defaults={"counted_at": at})
    for name in _NAMES:
        setattr(row, name, getattr(found, name))
    low = rules.is_low(found)
    if low and row.low_since is None:
        row.low_since, row.handled_at, row.handled_by, row.handled_note = at, None, None, ""
    if not low:
        row.low_since = None
    row.counted_at = at
    row.save()
    Entry.objects.filter(course_id=course_id).update(**shown(found))


@transaction.atomic
def handle(*, course_id: int, by_id: int, note: str, at: datetime) -> None:
    """Note what an operator did about a low performer, which takes it off the queue until it is low anew.

    :raises DomainError: ``not_found``; ``note_missing``
    """
    row = CourseQuality.objects.select_for_update().filter(course_id=course_id, low_since__isnull=False).first()
    if row is None:
        raise DomainError("not_found", _("这门课程已不在质量关注清单里，请刷新页面。"), status=404)
    if not note.strip():
        raise DomainError("note_missing", _("请写明处理情况，例如“已请讲师修订第二章”。"), status=422)
    row.handled_at, row.handled_by, row.handled_note = at, by_id, note.strip()[:200]
    row.save()
