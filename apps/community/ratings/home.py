"""What the learner's home asks: how finished courses were."""

from datetime import datetime

from apps.community.ratings import queries
from apps.plans.api import Duties, HomePart

MOST = 2
"""Courses that the home asks about at once."""


def to_rate(learner_id: int, found: Duties, at: datetime) -> HomePart | None:
    """Return the card of courses to rate; None when there is none."""
    left = queries.unrated(learner_id, found.views, found.earned)[:MOST]
    return HomePart("community/ratings/_home.html", {"courses": left}) if left else None
