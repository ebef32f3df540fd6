"""The result of a try as it stands: the newest correction, or the first result. Rows only; what sitting and figures need."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.exams.marking.models import ScoreEntry
from apps.exams.sitting.models import Attempt


def annotated(rows: QuerySet[Attempt]) -> QuerySet[Any]:
    """Return tries with ``result_score`` and ``result_passed`` as they are now, None without a result."""
    newest = ScoreEntry.objects.filter(attempt=OuterRef("pk")).order_by("-n")
    return rows.annotate(
        result_score=Coalesce(Subquery(newest.values("score")[:1]), F("score")),
        result_passed=Coalesce(Subquery(newest.values("passed")[:1]), F("passed")),
    )


def result_now(row: Attempt) -> tuple[int | None, bool | None]:
    """Return (score, passed) of one try; a query where there is a result."""
    if row.score is None:
        return None, None
    newest = ScoreEntry.objects.filter(attempt=row).order_by("-n").values_list("score", "passed").first()
    return newest or (row.score, row.passed)


def corrected_points(row: Attempt) -> dict[int, int | None]:
    """Return question -> points that corrections have given it, None where it counts no more; empty where nothing was corrected."""
    entry = ScoreEntry.objects.filter(attempt=row).order_by("-n").values_list("points", "left_out").first()
    if entry is None:
        return {}
    points, left_out = entry
    return {int(no): value for no, value in points.items()} | {int(no): None for no in left_out}
