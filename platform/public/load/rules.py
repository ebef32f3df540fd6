"""When a load is too much, and when a growing one will be: arithmetic without a database (clause 五.3: warn at 70 % of the design load)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WARN, SEVERE, CALM = 0.70, 0.90, 0.65
"""Shares of the design load: from which people are warned, from which it is severe, and below which it is over."""
RISES, FALLS = 2, 5
"""So many minutes in a row it must be at or above the line to be told, and below `CALM` to be over: one busy minute is none."""
LEAST_DAYS, LOOKS_BACK = 7, 30
"""A forecast needs a week; older than a month is another time."""
FAR = 3_650
"""Beyond ten years a forecast says nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was known of one meter: minutes in a row at or above the line, below the calm, and the level told ("" or WARN or SEVERE)."""

    above: int = 0
    below: int = 0
    level: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one more measured minute means: the new standing, and what is to be told ("", BEGAN, WORSE, OVER)."""

    standing: Standing
    told: str = ""


def share(value: float, design: float) -> float:
    """Return which part of the design load a value is; 0 where nothing was designed."""
    return value / design if design > 0 else 0.0


def step(before: Standing, part: float) -> Step:
    """Return what a minute with this share of the design load changes."""
    above = before.above + 1 if part >= WARN else 0
    below = before.below + 1 if part < CALM else 0
    if not before.level:
        if above < RISES:
            return Step(Standing(above, below))
        return Step(Standing(above, below, "SEVERE" if part >= SEVERE else "WARN"), "BEGAN")
    if before.level == "WARN" and part >= SEVERE:
        return Step(Standing(above, below, "SEVERE"), "WORSE")
    if below >= FALLS:
        return Step(Standing(above, below), "OVER")
    return Step(Standing(above, below, before.level))


def days_until(peaks: Sequence[tuple[date, float]], *, line: float) -> int | None:
    """Return in how many days a growing load reaches ``line``, by the straight line nearest to the daily peaks (least squares).

    :param peaks: one a day, oldest first; only the last `LOOKS_BACK` days count
    :returns: 0 when it is there; None when it does not grow, is too young to say, or is further off than ten years
    """
    if not peaks:
        return None
    last = peaks[-1][0]
    points = [((day - last).days, value) for day, value in peaks if (last - day).days < LOOKS_BACK]
    if points[-1][1] >= line:
        return 0
    if len(points) < LEAST_DAYS:
        return None
    x_mean, y_mean = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    slope = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread if spread else 0.0
    if slope <= 0:
        return None
    days = (line - (y_mean - slope * x_mean)) / slope
    return max(1, round(days)) if days <= FAR else None
