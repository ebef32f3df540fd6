"""How courses were rated, as the file of a class tells it: fills `plans.EVALUATIONS`."""

from collections.abc import Iterable

from django.db.models import Avg, Count

from apps.community.ratings import rules
from apps.community.ratings.models import CourseRating


class RatingsOfFiles:
    """Plug for `apps.plans.ports.EVALUATIONS`."""

    def ratings(self, version_ids: Iterable[int], *, learner_ids: Iterable[int]) -> dict[int, tuple[int, float | None]]:
        """Return version -> (number of ratings, mean or None where fewer than three rated)."""
        rows = CourseRating.objects.filter(version_id__in=list(version_ids), learner_id__in=list(learner_ids))
        found = rows.values("version_id").annotate(n=Count("pk"), mean=Avg("stars")).order_by()
        return {row["version_id"]: (row["n"], float(row["mean"]) if row["n"] >= rules.ENOUGH_PEOPLE else None) for row in found}
