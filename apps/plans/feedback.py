"""What this enterprise's learners tell about courses: counted each night and reported to the shared catalogue (clause R3.6).

Rooms above add what they know with `add_quality_source`: exams tries and passes, community the stars.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Count

from apps.plans.models import PlanCourse
from infra.kit import clock
from public.catalogue import api as catalogue
from public.search import api as search
from public.search.api import Figures

QualitySource = Callable[[date], Mapping[int, Figures]]
"""Day in Zhejiang -> version id -> what happened on that day."""
_sources: list[QualitySource] = []
_LOOK_BACK = 7
"""Days that are reported anew each night, in case nights were missed; what was reported stays as it was."""


def add_quality_source(source: QualitySource) -> None:
    """Let a room add figures. Called in ``ready()``; the same function counts once."""
    if source not in _sources:
        _sources.append(source)


def learning_figures(day: date) -> dict[int, Figures]:
    """Return how often each version was begun and completed on a day. A plan's course counts as begun with its plan."""
    begin, end = clock.shanghai_day(day)
    found: dict[int, Figures] = defaultdict(Figures)
    for name, key in (("started_at", "starts"), ("completed_at", "completions")):
        span = {f"plan__assignments__{name}__gte": begin, f"plan__assignments__{name}__lt": end}
        counted = PlanCourse.objects.filter(**span).values_list("version_id").annotate(n=Count("plan__assignments"))
        for version_id, count in counted:
            found[version_id] += Figures(**{key: count})
    return found


def versions_of_assignments(assignment_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return (assignment, version) for every course of these assignments' plans."""
    rows = PlanCourse.objects.filter(plan__assignments__in=list(assignment_ids))
    return list(rows.values_list("plan__assignments", "version_id"))


def report(*, at: datetime) -> int:
    """Report the last seven full days of the current enterprise; days that were reported already stay as they were.

    :returns: how many days had something to report
    """
    today = clock.shanghai_date(at)
    return sum(_report_day(today - timedelta(days=back)) for back in range(_LOOK_BACK, 0, -1))


def _report_day(day: date) -> bool:
    by_version: dict[int, Figures] = defaultdict(Figures)
    for source in (learning_figures, *_sources):
        for version_id, figures in source(day).items():
            by_version[version_id] += figures
    courses = (
        {card.version_id: card.course_id for card in catalogue.published(version_ids=list(by_version))} if by_version else {}
    )
    by_course: dict[int, Figures] = defaultdict(Figures)
    for version_id, figures in by_version.items():
        if version_id in courses:
            by_course[courses[version_id]] += figures
    search.record_day(day=day, figures=by_course)
    return bool(by_course)
