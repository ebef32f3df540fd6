"""The exchange's numbers: how long to wait, when to give up, how much at once. Pure."""

from datetime import datetime, timedelta
from typing import Final

PARCELS_AT_ONCE: Final = 50
"""How many parcels one turn sends to one partner, so that a task ends within minutes."""
QUEUE_AT_ONCE: Final = 5_000
LOOKS_AT_ONCE: Final = 200
"""Ranges of `QUEUE_AT_ONCE` older ids that one turn looks through for a new partner."""
LEASE: Final = timedelta(minutes=3)
"""Longer than any call with its time-outs: whoever died with a lease is followed after this."""
LONGEST_PAUSE_S: Final = 300
STUCK_AFTER_TRIES: Final = 8
STUCK_AFTER: Final = timedelta(hours=24)
OFFERED_AGAIN_AFTER: Final = timedelta(minutes=5)
"""A record that goes out again to who fetches, and whose receipt has not come since it was fetched last."""
UNANSWERED_AFTER: Final = timedelta(hours=24)
"""Receipts that were promised for later and never came: the day's reconciliation then sends again."""
SETTLED: Final = timedelta(minutes=5)
"""After midnight by this much no transaction of the day can still be on its way (`feed.parcel`)."""
CATCH_UP_DAYS: Final = 7
"""How many past days the nightly reconciliation makes up for, where it did not run."""


def pause(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 1, 2, 4 … seconds, at most five minutes (clause 七.2: near real time)."""
    return timedelta(seconds=min(2 ** max(0, min(failures, 16) - 1), LONGEST_PAUSE_S))


def refused_pause(tries: int) -> timedelta:
    """Return when a parcel that was refused is tried again: 1, 2, 4 … minutes, at most six hours; others go on meanwhile."""
    return timedelta(minutes=min(2 ** max(0, min(tries, 16) - 1), 360))


def is_stuck(*, tries: int, made_at: datetime, at: datetime, is_down: bool) -> bool:
    """Say whether a parcel is put on the desk: after eight refusals; when nobody answers as agreed, only after a day besides, for an
    outage over there is no fault of the parcel."""
    return tries >= STUCK_AFTER_TRIES and (not is_down or at - made_at >= STUCK_AFTER)
