"""From what a browser sends when a page is left to what we count. Anybody can send anything, so only plausible numbers are believed."""

import json
from dataclasses import dataclass
from typing import Any, TypeGuard

from public.timing.audiences import audience_of
from public.timing.counting import TIMER, Key
from public.timing.models import Kind

MOST_BYTES, MOST_SWAPS = 1024, 20
SANE_MS = 3_600_000
"""Nobody waits for an hour: whoever says so is not believed."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one page view was like: the page's name, its times in milliseconds by kind, how long its htmx swaps took."""

    route: str
    times: dict[str, int]
    swaps: list[int]


def read(body: bytes) -> Told | None:
    """Return what a body says, or None where it is nonsense.

    :param body: ``{"page": name, "times": [first byte, ready, loaded, largest paint or 0] or [], "swaps": [ms, …]}``
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    route, times, swaps = told.get("page"), told.get("times"), told.get("swaps")
    if not isinstance(route, str) or not _are_waits(times) or not _are_waits(swaps) or len(swaps) > MOST_SWAPS:
        return None
    if not times:
        return Told(route, {}, swaps)
    if len(times) != 4 or not times[0] <= times[1] <= times[2]:  # a page is ready after its first byte and loaded after that
        return None
    painted = {Kind.PAINTED.value: times[3]} if times[3] else {}
    return Told(route, {Kind.FIRST.value: times[0], Kind.READY.value: times[1], Kind.LOADED.value: times[2], **painted}, swaps)


def _are_waits(values: Any) -> TypeGuard[list[int]]:
    return isinstance(values, list) and all(type(ms) is int and 0 <= ms < SANE_MS for ms in values)


def count(told: Told, *, site: str, device: str) -> None:
    """Add what a page view told to the times of this process; each stands for as many as are not asked."""
    stands_for = TIMER.every(audience_of(told.route))
    for kind, ms in told.times.items():
        TIMER.add(Key(kind, told.route, site, device), ms, stands_for=stands_for)
    for ms in told.swaps:
        TIMER.add(Key(Kind.SWAP, told.route, site, device), ms, stands_for=stands_for)
