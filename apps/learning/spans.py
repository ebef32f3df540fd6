"""Sets of media time: ascending, disjoint, non-touching half-open spans of milliseconds. Pure functions."""

import re
from collections.abc import Iterable
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]
_NUMBER = re.compile(r"-?\d+")


def measure(spans: Spans) -> int:
    """Return how many milliseconds are in the set."""
    return sum(high - low for low, high in spans)


def end(spans: Spans) -> int:
    """Return the furthest point of the set, 0 when it is empty."""
    return spans[-1][1] if spans else 0


def missing(spans: Spans, low: int, high: int) -> Spans:
    """Return the parts of [low, high) that the set does not hold."""
    found: list[Span] = []
    for start, stop in spans:
        if low >= high:
            break
        if start > low:
            found.append((low, min(start, high)))
        low = max(low, stop)
    if low < high:
        found.append((low, high))
    return tuple((start, stop) for start, stop in found if start < stop)


def minus(spans: Spans, less: Spans) -> Spans:
    """Return the milliseconds of ``spans`` that ``less`` does not hold."""
    return tuple(part for low, high in spans for part in missing(less, low, high))


def before(spans: Spans, limit: int) -> Spans:
    """Return the part of the set that lies before ``limit``."""
    return tuple((start, min(stop, limit)) for start, stop in spans if start < limit)


def start(spans: Spans, otherwise: int = 0) -> int:
    """Return the first point of the set, ``otherwise`` when it is empty."""
    return spans[0][0] if spans else otherwise


def head(spans: Spans, ms: int) -> Spans:
    """Return the first ``ms`` milliseconds of the set."""
    found: list[Span] = []
    for start, stop in spans:
        if ms <= 0:
            break
        found.append((start, min(stop, start + ms)))
        ms -= stop - start
    return tuple(found)


def union(spans: Spans, more: Spans) -> Spans:
    """Return the milliseconds that are in either set."""
    joined: list[Span] = []
    for start, stop in sorted((*spans, *more)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        elif start < stop:
            joined.append((start, stop))
    return tuple(joined)


def to_text(spans: Spans) -> str:
    """Return PostgreSQL's ``int8multirange`` literal, e.g. ``{[0,15000),[30000,45000)}``."""
    return "{" + ",".join(f"[{low},{high})" for low, high in spans) + "}"


def from_text(text: str) -> Spans:
    """Return the set of what PostgreSQL writes for an ``int8multirange``: :func:`to_text` turned round."""
    bounds = [int(number) for number in _NUMBER.findall(text)]
    return tuple(zip(bounds[::2], bounds[1::2], strict=True))


def from_bounds(pairs: Iterable[tuple[int, int]]) -> Spans:
    """Return the set of any pairs, in any order, overlapping or not."""
    return union((), tuple(pairs))
