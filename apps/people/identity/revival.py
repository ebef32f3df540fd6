"""Checks that wait: their message was lost, their worker died, or the authority did not answer."""

from datetime import datetime, timedelta

from apps.people.identity import checks
from apps.people.identity.models import FaceCheck, Outcome

AFTER = timedelta(seconds=60)
MOST = 200


def revive(*, at: datetime) -> int:
    """Ring again for the checks of this enterprise that have waited for a minute; return how many."""
    rows = FaceCheck.objects.filter(outcome=Outcome.PENDING, at__lt=at - AFTER).order_by("at")
    waiting = list(rows.values_list("uuid", flat=True)[:MOST])
    for check in waiting:
        checks.ring(check)
    return len(waiting)
