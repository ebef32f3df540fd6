"""Figures of complaints: of all, of one site, of the enterprises of a division; for the pages and for regulators. Runs on the platform."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Avg, Count, F, Q, QuerySet

from public.complaints.models import Category, Complaint
from public.complaints.shapes import Totals

_DECIDED = Q(state=Complaint.State.DECIDED)
_CONTENT = 4
"""From so many stars on somebody counts as satisfied."""


def totals(*, since: datetime, schemas: Collection[str] | None = None, until: datetime | None = None) -> Totals:
    """Return the figures of what was filed from ``since`` on; one query.

    :param schemas: only those of these enterprises; None for all
    """
    return _counted(_rows(since, schemas, until))


def by_category(*, since: datetime, schemas: Collection[str] | None = None) -> list[tuple[str, Totals]]:
    """Return (label, figures) of each category that has any; one query."""
    rows = _rows(since, schemas, None).values("category").annotate(**_figures()).order_by("category")
    found = {row.pop("category"): _totals(row) for row in rows}
    return [(str(Category(name).label), found[name]) for name in Category.values if name in found]


def _rows(since: datetime, schemas: Collection[str] | None, until: datetime | None) -> QuerySet[Complaint]:
    rows = Complaint.objects.filter(filed_at__gte=since)
    if until is not None:
        rows = rows.filter(filed_at__lt=until)
    return rows if schemas is None else rows.filter(schema_name__in=list(schemas))


def _figures() -> dict[str, object]:
    rated = Q(stars__isnull=False)
    return {
        "filed": Count("pk"),
        "decided": Count("pk", filter=_DECIDED),
        "in_time": Count("pk", filter=_DECIDED & Q(decided_at__lte=F("due_at"))),
        "rated": Count("pk", filter=rated),
        "satisfied": Count("pk", filter=rated & Q(stars__gte=_CONTENT)),
        "answered": Count("pk", filter=Q(answered_at__isnull=False)),
        "prompt": Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
        "mean": Avg(F("decided_at") - F("filed_at"), filter=_DECIDED),
        "reopened": Count("pk", filter=Q(round__gt=1)),
    }


def _counted(rows: QuerySet[Complaint]) -> Totals:
    return _totals(rows.aggregate(**_figures()))  # type: ignore[arg-type] # a mapping of aggregates


def _totals(row: dict[str, object]) -> Totals:
    def share(part: str, whole: str) -> float | None:
        of = int(row[whole] or 0)  # type: ignore[call-overload]
        return int(row[part] or 0) / of if of else None  # type: ignore[call-overload]

    mean = row["mean"]
    hours = mean.total_seconds() / 3600 if hasattr(mean, "total_seconds") else None
    return Totals(
        int(row["filed"]),  # type: ignore[call-overload]
        int(row["decided"]),  # type: ignore[call-overload]
        share("prompt", "answered"),
        share("in_time", "decided"),
        share("satisfied", "rated"),
        hours,
        int(row["reopened"]),  # type: ignore[call-overload]
    )
