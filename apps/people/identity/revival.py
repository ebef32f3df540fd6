"""Checks that wait: their message was lost, their worker died, or the authority did not answer."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.people.identity import checks, judging
from apps.people.identity.models import FaceCheck, Outcome, Purpose

MOST = 200
GIVE_UP = timedelta(hours=24)
"""What has waited for so long is not waited for: a person looks, an enrolment is taken again; nobody passes."""


def revive(*, at: datetime) -> int:
    """Ring again for waiting checks of this enterprise, after 1, 2, 4, 8 … minutes; return how many. Runs once a minute."""
    rows = FaceCheck.objects.filter(outcome=Outcome.PENDING, at__lte=at - timedelta(minutes=1)).order_by("at")
    rung = 0
    for check in rows[:MOST]:
        if at - check.at >= GIVE_UP:
            _hand_over(check, at)
        elif _is_turn(at - check.at):
            checks.ring(check.uuid)
            rung += 1
    return rung


def _is_turn(waited: timedelta) -> bool:
    minutes = int(waited / timedelta(minutes=1))
    return minutes & (minutes - 1) == 0 or minutes % 64 == 0


def _hand_over(check: FaceCheck, at: datetime) -> None:
    with transaction.atomic():
        row = FaceCheck.objects.select_for_update().get(pk=check.pk)
        if row.outcome != Outcome.PENDING:
            return
        row.outcome, row.judged_at = Outcome.RETRY if row.purpose == Purpose.ENROL else Outcome.REVIEW, at
        row.save(update_fields=["outcome", "judged_at"])
        judging.announce(row, at)
