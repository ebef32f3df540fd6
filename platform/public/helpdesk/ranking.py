"""Which passage answers a question, and whether one does at all. Pure: what PostgreSQL found goes in, an order comes out.

A piece of the question weighs the more the fewer passages have it. How sure an answer is, is the share of the question's weight that the
passage covers: whole in its title, less where the words only sound alike, less again in its text alone. Below `PERHAPS` nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from public.helpdesk.words import Unit

SURE, PERHAPS = 0.56, 0.2
"""Shares of a question's weight; found on the questions of `tests/public/helpdesk/asked.py`."""
_HEAD, _SOUND, _BODY = 1.0, 0.75, 0.5
_MEETING = (1.0, 0.4, 0.15)
"""What a pair that nobody has keeps of its weight, by how many known ones it touches."""
_TIGHT = 0.15
"""How much it counts that a title says little else."""
_OWN, _ASKED = 0.04, 0.06
"""What an answer for one's own part gets before another, and a common question before the manual: it was written to be asked."""


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
    weights = _weights(asked, found, total)
    whole = sum(weights.values())
    if not whole:
        return []
    ranked = [_ranked(asked, one, weights, whole) for one in found]
    good = [one for one in ranked if one.share >= PERHAPS]
    return sorted(good, key=lambda one: (-one.order, one.source, one.ref))[:most]


def _weights(asked: Sequence[Unit], found: Sequence[Candidate], total: int) -> dict[str, float]:
    """Return what each piece weighs. A pair that no passage has, between pairs that some have, is where two words meet: it says little."""
    having = {unit.token: sum(unit.token in one.head or unit.token in one.body for one in found) for unit in asked}
    weights = {}
    for place, unit in enumerate(asked):
        beside = [
            asked[near] for near in (place - 1, place + 1) if 0 <= near < len(asked) and _touch(asked[near], unit, near - place)
        ]
        known = sum(having[other.token] > 0 for other in beside) if not having[unit.token] else 0
        weights[unit.token] = log(1 + total / (1 + having[unit.token])) * _MEETING[known]
    return weights


def _touch(other: Unit, unit: Unit, side: int) -> bool:
    """Whether two pairs share the character between them."""
    first, second = (other, unit) if side < 0 else (unit, other)
    return len(first.token) == len(second.token) == 2 and first.token[1] == second.token[0]


def _ranked(asked: Sequence[Unit], one: Candidate, weights: dict[str, float], whole: float) -> Ranked:
    covered, titled = 0.0, 0
    for unit in asked:
        fit = (
            _HEAD
            if unit.token in one.head
            else _SOUND
            if unit.sound and unit.sound in one.sounds
            else _BODY
            if unit.token in one.body
            else 0.0
        )
        covered += fit * weights[unit.token]
        titled += fit > _BODY
    share = covered / whole
    tight = min(1.0, titled / max(1, one.size)) * _TIGHT
    return Ranked(one.source, one.ref, share, share + tight + _OWN * one.is_own + _ASKED * (one.source == "FAQ"))
