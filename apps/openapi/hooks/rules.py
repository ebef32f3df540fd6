"""When a delivery is tried again, and when we stop, pure."""

from datetime import datetime, timedelta

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440, 1440))
"""Waiting after the first, second … failed try: nearly three days together, over a weekend's outage; who failed once more is given up."""
LEASE = timedelta(minutes=2)
"""How long a try may take: longer than the time-out of the carrier. After it the worker counts as dead and the delivery is due again."""
STOP_AFTER = timedelta(days=5)
"""A hook that took nothing for so long is switched off, and its managers are told."""
KEPT = timedelta(days=180)
"""How long the log of deliveries is kept (clause 五.4: at least six months)."""
OVERLAP = timedelta(hours=24)
"""So long a former secret signs beside the new one."""
BUSY = frozenset({429, 503})
"""The other side wants to be left alone for a while; other refusals are about the one message."""
GONE = 410
"""The other side says that it is gone for good: the hook is switched off at once."""
LONGEST_WAIT = timedelta(days=1)


def next_try(tries: int, at: datetime, *, after_s: int = 0) -> datetime | None:
    """Return when to try again after ``tries`` failed ones; None: give up.

    :param after_s: seconds that the other side asked to wait; at most a day of them count
    """
    if tries > len(BACK_OFF):
        return None
    return at + max(BACK_OFF[tries - 1], min(timedelta(seconds=after_s), LONGEST_WAIT))


def pause(failing: timedelta) -> timedelta:
    """Return how long a hook that is not reached is left alone, by how long it has been so: its other news wait, and it is not hammered."""
    if failing < timedelta(minutes=10):
        return timedelta(minutes=1)
    return timedelta(minutes=5) if failing < timedelta(hours=1) else timedelta(minutes=30)


def is_taken(status: int) -> bool:
    """Say whether an answer means that the message arrived."""
    return 200 <= status < 300
