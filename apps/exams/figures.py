"""Fills the socket ``EXAMS`` of plans: how exams went, as results stand now; tries that are still being marked count nowhere."""

from collections.abc import Iterable

from django.db.models import Avg, Count, F, Q, QuerySet, Value
from django.db.models.functions import Least

from apps.exams.marking.results import with_result
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
            passed=Count("id", filter=Q(result_passed=True)),
            people=Count("learner", distinct=True),
            mean=Avg("result_score"),
        )
        tens = Least(F("result_score") / Value(10), Value(9))  # 100 points belong to the nineties
        bands = rows.annotate(band=tens).values_list("band").annotate(n=Count("id")).order_by("band")
        return ExamSums(**found, bands={band * 10: n for band, n in bands})

    def tries(self, assignment_ids: Iterable[int]) -> list[ExamTry]:
        """Return the tries handed in for these assignments."""
        rows = with_result(Attempt.objects.filter(assignment__in=list(assignment_ids)))
        fields = rows.order_by("assignment_id", "number").values_list(
            "assignment_id", "number", "submitted_at", "result_score", "result_passed"
        )
        return [ExamTry(*row) for row in fields]


def _handed_in(span: Span) -> QuerySet[Attempt]:
    theirs = people.belongs(span.within, "learner")
    rows = with_result(
        Attempt.objects.filter(theirs, people.real("learner"), submitted_at__gte=span.since, submitted_at__lt=span.until)
    )
    return rows if span.plan_id is None else rows.filter(assignment__plan=span.plan_id)
