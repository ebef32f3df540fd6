"""Cards that rooms above plans put on the learner's home: mistakes to practise, courses to rate.

A room adds its card with `add_home_part` in ``ready()``; home shows them below what has to be done, an urgent one above it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.plans.today import Duties


@dataclass(frozen=True, slots=True)
class HomePart:
    """One card: its template gets ``values`` as ``part``. ``is_urgent``: a clock runs, so it stands above everything."""

    template: str
    values: Mapping[str, Any]
    is_urgent: bool = False


HomeSource = Callable[[int, Duties, datetime], HomePart | None]
"""Learner's id, their duties with what is earned, the moment -> a card, or None where there is nothing to say."""
_sources: list[HomeSource] = []


def add_home_part(source: HomeSource) -> None:
    """Let a room add a card. Called in ``ready()``; the same function counts once."""
    if source not in _sources:
        _sources.append(source)


def home_parts(learner_id: int, found: Duties, *, at: datetime) -> list[HomePart]:
    """Return the cards of one learner in the order in which rooms were added."""
    made = (source(learner_id, found, at) for source in _sources)
    return sorted((part for part in made if part is not None), key=lambda part: not part.is_urgent)
