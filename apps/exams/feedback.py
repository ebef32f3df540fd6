"""What exams tell about courses: tries and passes of a day, for the ranking of the shared catalogue."""

from collections import defaultdict
from datetime import date

from apps.exams.marking.results import with_result
from apps.exams.models import Attempt
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from public.search.api import Figures


def exam_figures(day: date) -> dict[int, Figures]:
    """Return version id -> tries handed in on a day and passed. An exam speaks for every course of its plan."""
    begin, end = clock.shanghai_day(day)
    rows = with_result(Attempt.objects.filter(people.real("learner"), submitted_at__gte=begin, submitted_at__lt=end))
    by_assignment: dict[int, Figures] = defaultdict(Figures)
    for assignment_id, passed in rows.values_list("assignment_id", "result_passed"):
        by_assignment[assignment_id] += Figures(attempts=1, passes=int(bool(passed)))
    found: dict[int, Figures] = defaultdict(Figures)
    for assignment_id, version_id in plans.versions_of_assignments(by_assignment):
        found[version_id] += by_assignment[assignment_id]
    return found
