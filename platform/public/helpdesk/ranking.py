"""Which passage answers a question, and whether one does at all. Pure: what PostgreSQL found goes in, an order comes out.

A piece of the question weighs the more the fewer passages have it. How sure an answer is, is the share of the question's weight that the
passage covers: whole in its title, less where the words only sound alike, less again in its text alone. Below `PERHAPS` nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from public.helpdesk.words import Unit

SURE, PERHAPS = 0.6, 0.34
"""Shares of a question's weight; found on the questions of `tests/public/helpdesk/asked.py`."""
_HEAD, _SOUND, _BODY = 1.0, 0.75, 0.5
_TIGHT = 0.15
"""How much it counts that a title says little else."""
_OWN = 0.04
"""What an answer for one's own part gets before another."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the database found of one passage: which tokens of the question stand where. ``size``: how many tokens its head has."""

    source: str
    ref: str
    head: frozenset[str]
    body: frozenset[str]
    sounds: frozenset[str]
    size: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with how much of the question it covers, 0 to 1."""

    source: str
    ref: str
    share: float
    order: float

    @property
    def is_sure(self) -> bool:
        """Whether it may stand as the answer."""
        return self.share >= SURE


def rank(asked: Sequence[Unit], found: Sequence[Candidate], *, total: int, most: int = 6) -> list[Ranked]:
    """Return the passages that may answer, the best first; an empty list says: I do not know.

    :param total: how many passages there are, found or not
    """
    weights = {unit.token: _weight(unit, found, total) for unit in asked}
    whole = sum(weights.values())
    if not whole:
        return []
    ranked = [_ranked(asked, one, weights, whole) for one in found]
    good = [one for one in ranked if one.share >= PERHAPS]
    return sorted(good, key=lambda one: (-one.order, one.source, one.ref))[:most]


def _weight(unit: Unit, found: Sequence[Candidate], total: int) -> float:
    having = sum(unit.token in one.head or unit.token in one.body for one in found)
    return log(1 + total / (1 + having))


def _ranked(asked: Sequence[Unit], one: Candidate, weights: dict[str, float], whole: float) -> Ranked:
    covered, titled = 0.0, 0
    for unit in asked:
        fit = _HEAD if unit.token in one.head else _SOUND if unit.sound and unit.sound in one.sounds else _BODY if unit.token in one.body else 0.0
        covered += fit * weights[unit.token]
        titled += fit > _BODY
    share = covered / whole
    tight = min(1.0, titled / max(1, one.size)) * _TIGHT
    return Ranked(one.source, one.ref, share, share + tight + (_OWN if one.is_own else 0))
