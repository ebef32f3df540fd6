"""Minutes of load, made."""

from __future__ import annotations

from datetime import datetime, timedelta

from public.load import warning
from public.load.measuring import Read


def minutes(meter: str, values: list[float], *, at: datetime, capacity: float | None = None) -> datetime:
    """Write one value a minute from ``at`` on; returns the moment after the last."""
    for value in values:
        warning.measure(at=at, reads={meter: Read(value, capacity)})
        at += timedelta(minutes=1)
    return at
