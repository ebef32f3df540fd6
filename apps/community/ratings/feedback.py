"""What leaves the enterprise for the ranking of the shared catalogue: sums of a day, never who said what."""

from datetime import date
from typing import Any

from django.db.models import Count, Sum

from apps.community.ratings.models import CourseRating
from infra.kit import clock
from public.search import api as search


def rating_figures(day: date) -> dict[int, search.Figures]:
    """Return version id -> the ratings that have stood since this day: how many, the sum of their stars, and the sums by aspect."""
    begin, end = clock.shanghai_day(day)
    sums = {f"{name}_sum": Sum(name, default=0) for name in search.ASPECTS}
    rows: Any = (
        CourseRating.objects.filter(stands_at__gte=begin, stands_at__lt=end)
        .values("version_id")
        .annotate(ratings=Count("pk"), rating_sum=Sum("stars"), told=Count("useful"), **sums)
    )
    return {row.pop("version_id"): search.Figures(**row) for row in rows.order_by()}
