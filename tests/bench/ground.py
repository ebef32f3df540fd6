"""What the benches share: a full house of enterprises, percentiles, a word on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from tenants import pool
from tenants.database.provision import owner_connection
from tests.tenants.ground import open_for_test

PREFIX = "bench-"
_STEP = 25


def say(text: str) -> None:
    """Tell the person who waits; stdout is for the result alone."""
    print(text, file=sys.stderr, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that ``share`` (0 to 1) of ``values`` do not exceed; milliseconds stay milliseconds."""
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)], 1)


def count_enterprises() -> int:
    """Return how many enterprises there are."""
    with owner_connection() as db:
        row = db.execute("SELECT count(*) FROM public.tenants_enterprise").fetchone()
    assert row
    return int(str(row[0]))


def ensure_enterprises(wanted: int) -> int:
    """Open enterprises until there are ``wanted``; returns how many there are."""
    have, began, opened = count_enterprises(), time.monotonic(), 0
    start = have
    while have < wanted:
        step = min(_STEP, wanted - have)
        pool.fill(step)
        for number in range(have, have + step):
            open_for_test(f"{PREFIX}{number:05d}x")
        have, opened = have + step, opened + step
        if have % 100 < _STEP:
            say(f"{have}/{wanted} enterprises, {(time.monotonic() - began) * 1000 / opened:.0f} ms each")
    if start < wanted:
        with owner_connection() as db:
            db.execute("ANALYZE")
    return have
