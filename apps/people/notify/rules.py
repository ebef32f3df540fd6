"""When something may be sent, pure: quiet hours, digest, back-off, parts of a text message."""

from datetime import datetime, time, timedelta

from infra.kit import clock

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
"""Waiting after the first, second … failed try; who failed once more is given up."""
LEASE = timedelta(minutes=2)
"""How long a try may take: longer than every time-out of a channel together. After it the worker counts as dead."""
KEPT = timedelta(days=180)
"""How long notices are kept; longer than half a year nobody looks for one (only as long as needed, PIPL art. 19)."""
TOO_LATE = timedelta(days=7)
"""A message that could not leave for so long is no news any more."""
EXPIRING = (60, 30, 7)
"""Days before a special-operation certificate ends, or must be seen by the authority again, on which people are told. Renewal is commonly applied
for within the last 60 days; what the authority asks at the place is its own rule, so nothing here refuses anything."""


def after_quiet(at: datetime, quiet_from: time, quiet_to: time) -> datetime:
    """Return ``at``, or the end of the quiet hours in Zhejiang that it falls into. Equal times mean that there are none."""
    local = at.astimezone(clock.SHANGHAI)
    here = local.time().replace(tzinfo=None)
    if quiet_from == quiet_to:
        return at
    over_midnight = quiet_from > quiet_to
    is_quiet = here >= quiet_from or here < quiet_to if over_midnight else quiet_from <= here < quiet_to
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1) if over_midnight and here >= quiet_from else local.date()
    return datetime.combine(day, quiet_to, tzinfo=clock.SHANGHAI)


def next_digest(at: datetime, digest_at: time) -> datetime:
    """Return the next moment of the daily digest in Zhejiang, ``at`` itself included."""
    local = at.astimezone(clock.SHANGHAI)
    today = datetime.combine(local.date(), digest_at, tzinfo=clock.SHANGHAI)
    return today if today >= local else today + timedelta(days=1)


def next_try(tries: int, at: datetime, *, after_s: int = 0) -> datetime | None:
    """Return when to try again after ``tries`` failed ones; None: give up.

    :param after_s: seconds that the other side asked to wait at least
    """
    if tries > len(BACK_OFF):
        return None
    return at + max(BACK_OFF[tries - 1], timedelta(seconds=after_s))


def sms_parts(text: str) -> int:
    """Return how many text messages a text is charged as: 70 characters of UCS-2, or 67 each when it is longer (3GPP TS 23.040)."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= 70 else -(-units // 67)
