"""Figures of complaints: of all, of one site, of the enterprises of a division; for the pages and for regulators. Runs on the platform."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

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
    return _totals(_rows(since, schemas, until).aggregate(**_figures()))


def by_category(*, since: datetime, schemas: Collection[str] | None = None) -> list[tuple[str, Totals]]:
    """Return (label, figures) of each category that has any; one query."""
    rows = _rows(since, schemas, None).values("category").annotate(**_figures()).order_by("category")
    found = {row["category"]: _totals(row) for row in rows}
    return [(str(Category(name).label), found[name]) for name in Category.values if name in found]


def _rows(since: datetime, schemas: Collection[str] | None, until: datetime | None) -> QuerySet[Complaint]:
    rows = Complaint.objects.filter(filed_at__gte=since)
    if until is not None:
        rows = rows.filter(filed_at__lt=until)
    return rows if schemas is None else rows.filter(schema_name__in=list(schemas))


def _figures() -> dict[str, Any]:
    rated = Q(stars__isnull=False)
    return {
        "filed": Count("pk"),
        "decided": Count("pk", filter=_DECIDED),
        "in_time": Count("pk", filter=_DECIDED & Q(decided_at__lte=F("due_at"))),
        "answered": Count("pk", filter=Q(answered_at__isnull=False)),
        "prompt": Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
        "rated": Count("pk", filter=rated),
        "satisfied": Count("pk", filter=rated & Q(stars__gte=_CONTENT)),
        "mean": Avg(F("decided_at") - F("filed_at"), filter=_DECIDED),
        "reopened": Count("pk", filter=Q(round__gt=1)),
    }


def _totals(row: Mapping[str, Any]) -> Totals:
    def share(part: str, whole: str) -> float | None:
        return row[part] / row[whole] if row[whole] else None

    return Totals(
        filed=row["filed"],
        decided=row["decided"],
        prompt=share("prompt", "answered"),
        in_time=share("in_time", "decided"),
        satisfied=share("satisfied", "rated"),
        mean_hours=row["mean"].total_seconds() / 3600 if row["mean"] is not None else None,
        reopened=row["reopened"],
    )
