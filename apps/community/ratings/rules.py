"""Pure rules of ratings."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from public.search import api as search

CHANGEABLE = timedelta(days=7)
"""So long a learner may change a rating; then it stands and is counted for all."""
STARS = (1, 2, 3, 4, 5)
LONGEST = 500
ENOUGH_PEOPLE = 3
"""Means of fewer people are not shown inside an enterprise: they would say who gave them."""


def overall(stars: Mapping[str, int]) -> int:
    """Return the stars of the whole: the mean of all aspects, rounded half up."""
    n = len(search.ASPECTS)
    return (2 * sum(stars[name] for name in search.ASPECTS) + n) // (2 * n)


def is_whole(stars: Mapping[str, int]) -> bool:
    """Whether each aspect has one to five stars."""
    return all(stars.get(name) in STARS for name in search.ASPECTS)


def days_left(stands_at: datetime, *, at: datetime) -> int:
    """Return how many days a rating may still be changed, begun ones counted; 0 when it stands."""
    return max(0, -(-int((stands_at - at).total_seconds()) // 86_400))
