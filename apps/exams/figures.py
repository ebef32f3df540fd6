"""Fills the socket ``EXAMS`` of plans: how exams went."""

from collections.abc import Iterable

from django.db.models import Avg, Count, F, Q, QuerySet, Value
from django.db.models.functions import Least

from apps.exams.models import Attempt
from apps.people import api as people
from apps.plans.ports import ExamSums, ExamTry, Span


class ExamFigures:
    """Plug for `apps.plans.ports.EXAMS`."""

    def sums(self, span: Span) -> ExamSums:
        """Return how the tries handed in within the span went."""
        rows = _handed_in(span)
        found = rows.aggregate(
            tries=Count("id"),
            passed=Count("id", filter=Q(passed=True)),
            people=Count("learner", distinct=True),
            mean=Avg("score"),
        )
        tens = Least(F("score") / Value(10), Value(9))  # 100 points belong to the nineties
        bands = rows.annotate(band=tens).values_list("band").annotate(n=Count("id")).order_by("band")
        return ExamSums(**found, bands={band * 10: n for band, n in bands})

    def tries(self, assignment_ids: Iterable[int]) -> list[ExamTry]:
        """Return the tries handed in for these assignments."""
        rows = Attempt.objects.filter(assignment__in=list(assignment_ids), score__isnull=False)
        fields = rows.order_by("assignment_id", "number").values_list(
            "assignment_id", "number", "submitted_at", "score", "passed"
        )
        return [ExamTry(*row) for row in fields]  # type: ignore[arg-type]


def _handed_in(span: Span) -> QuerySet[Attempt]:
    theirs = people.belongs(span.within, "learner")
    rows = Attempt.objects.filter(theirs, submitted_at__gte=span.since, submitted_at__lt=span.until, score__isnull=False)
    return rows if span.plan_id is None else rows.filter(assignment__plan=span.plan_id)
