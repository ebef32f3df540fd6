"""From single times to mean, percentiles and share within the bar: arithmetic without a database (clause 六.(一).4)."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

BAR_MS, SERVER_BAR_MS = 3_000, 150
"""The clause's bar for the mean of what people wait, and our own for 95 of 100 answers of the server."""
BOUNDS = (
    25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 30_000, 60_000,
)  # fmt: skip
"""Upper bounds of the buckets in milliseconds, each included. Both bars are among them, so shares within them are exact."""
MOST_MS = BOUNDS[-1]
"""Whatever took longer counts as this much: a laptop that slept for a night spoils no mean."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Times added up. ``count`` is how many waits there were, ``sampled`` how many of them were measured: one measured of every ten stands for ten."""

    count: int = 0
    sampled: int = 0
    total_ms: int = 0
    buckets: Sequence[int] = field(default=(0,) * len(BOUNDS))

    def __add__(self, other: "Figures") -> "Figures":
        """Return both together."""
        both = [a + b for a, b in zip(self.buckets, other.buckets, strict=True)]
        return Figures(self.count + other.count, self.sampled + other.sampled, self.total_ms + other.total_ms, both)

    @property
    def mean_ms(self) -> float | None:
        """The mean, exact; None where nothing was measured."""
        return self.total_ms / self.count if self.count else None

    def within(self, bound: int) -> float | None:
        """Return which share took at most ``bound`` milliseconds, one of `BOUNDS`; None where nothing was measured."""
        if not self.count:
            return None
        return sum(self.buckets[: BOUNDS.index(bound) + 1]) / self.count

    def quantile(self, part: float) -> float | None:
        """Return the milliseconds that ``part`` (0-1) of all took at most, on a straight line within its bucket; None where nothing was measured."""
        wanted, before, lower = part * self.count, 0, 0
        for bound, inside in zip(BOUNDS, self.buckets, strict=True):
            if inside and before + inside >= wanted:
                return lower + (bound - lower) * max(0.0, wanted - before) / inside
            before, lower = before + inside, bound
        return None


def bucket(ms: int) -> int:
    """Return the number of the bucket that a time belongs to."""
    return bisect_left(BOUNDS, min(ms, MOST_MS))


def added(figures: Iterable[Figures]) -> Figures:
    """Return all together."""
    return sum(figures, Figures())
