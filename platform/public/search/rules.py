"""Numbers of ranking and of the watch over quality. Pure functions."""

import math
from dataclasses import dataclass

HOUR_MS = 2_700_000
"""One credit hour (学时) in ms."""
Z = 1.64
"""One-sided 95 % confidence."""
ENOUGH = 30
"""Below so many ratings or tries a course is not judged."""
LOW_RATING = 3.0
"""A course whose rating, read with confidence, is below this is shown to operators (of 5)."""
LOW_PASSING = 0.5
"""A course whose exams are passed less often than this is shown to operators."""
_PRIOR, _PRIOR_SHARE = 10, 0.7
"""What is believed of a course of which nothing is known: ten voices, seven of them good."""
ASPECTS = ("useful", "clear", "picture", "level")
"""What learners rate of a course, each 1 to 5: content of use, clearly taught, picture and sound, neither too hard nor too easy."""
_WEIGHTS = {"rating": 0.5, "completion": 0.25, "passing": 0.25}


@dataclass(frozen=True, slots=True)
class Figures:
    """What enterprises report of a course. ``rating_sum`` adds stars (1 to 5); ``told`` of the ratings say it by aspect, whose
    stars the last four add up.
    """

    starts: int = 0
    completions: int = 0
    attempts: int = 0
    passes: int = 0
    ratings: int = 0
    rating_sum: int = 0
    told: int = 0
    useful_sum: int = 0
    clear_sum: int = 0
    picture_sum: int = 0
    level_sum: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not any(getattr(self, name) for name in self.__slots__)


def wilson(good: float, total: float) -> float:
    """Return the lower bound of a share at 95 % confidence (Wilson's score interval); 0 of nothing."""
    if total <= 0:
        return 0.0
    share = min(1.0, max(0.0, good / total))
    spread = Z * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    return max(0.0, (share + Z * Z / (2 * total) - spread) / (1 + Z * Z / total))


def rating_bound(ratings: int, rating_sum: int) -> float | None:
    """Return the stars (1 to 5) that the ratings prove, None without any."""
    return 1 + 4 * wilson((rating_sum - ratings) / 4, ratings) if ratings > 0 else None


def aspect_bounds(found: Figures) -> dict[str, float]:
    """Return aspect -> the stars (1 to 5) that the ratings prove; nothing without any."""
    sums = {name: getattr(found, f"{name}_sum") for name in ASPECTS} if found.told else {}
    return {name: round(rating_bound(found.told, total) or 1.0, 2) for name, total in sums.items()}


def share(part: int, whole: int) -> float | None:
    """Return a share, at most 1 (reports of two days may cross), None of nothing."""
    return min(1.0, part / whole) if whole > 0 else None


def quality(found: Figures) -> float:
    """Return the factor (0.75 to 1.25) that the score of a hit is multiplied by; the same for all courses nobody knows."""

    def believed(good: float, total: int) -> float:
        return wilson(min(good, total) + _PRIOR * _PRIOR_SHARE, total + _PRIOR)

    known = {
        "rating": believed((found.rating_sum - found.ratings) / 4, found.ratings),
        "completion": believed(found.completions, found.starts),
        "passing": believed(found.passes, found.attempts),
    }
    return 0.75 + 0.5 * sum(weight * known[name] for name, weight in _WEIGHTS.items())


def is_low(found: Figures) -> bool:
    """Whether operators should look at a course: rated low by enough people, or its exams are mostly failed."""
    bound = rating_bound(found.ratings, found.rating_sum)
    rated_low = found.ratings >= ENOUGH and bound is not None and bound < LOW_RATING
    return rated_low or (found.attempts >= ENOUGH and found.passes < LOW_PASSING * found.attempts)


def hours_bucket(duration_ms: int) -> str:
    """Return the bucket of a length: ``0`` under one credit hour, ``1`` under two, ``2`` under four, ``4`` from four."""
    hours = duration_ms / HOUR_MS
    return "0" if hours < 1 else "1" if hours < 2 else "2" if hours < 4 else "4"


def rating_bucket(bound: float | None) -> str:
    """Return the bucket of a rating: ``4`` from four stars, ``3`` from three, ``1`` below, ``0`` not rated."""
    return "0" if bound is None else "4" if bound >= 4 else "3" if bound >= 3 else "1"
