"""Trainers whose qualification ends soon: those who arrange classes are told before and after. Safe to run often."""

from datetime import date, datetime

from django.db import transaction

from apps.people import api as people
from apps.plans.classes.models import ClassTrainer
from infra.kit import clock

BEFORE = (7, 30, 60)
"""Days before the last day at which managers are told; a run that was missed is made up for until the next one."""


def turn(expires_on: date, *, today: date) -> str:
    """Return which turn of the reminder holds today, "" for none; after the last day there is one more."""
    left = (expires_on - today).days
    if left < 0:
        return "over"
    return next((str(days) for days in BEFORE if left <= days), "")


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Tell of each trainer in use once a turn and last day; returns of how many there was something to tell."""
    today = clock.shanghai_date(at)
    due = [
        (row, row.expires_on, now)
        for row in ClassTrainer.objects.filter(archived_at=None, expires_on__isnull=False).order_by("pk")
        if row.expires_on is not None and (now := turn(row.expires_on, today=today))
    ]
    managers = people.managers_who(people.Permission.CLASSES_CHANGE) if due else []
    for row, last, now in due:
        context = {"uuid": str(row.uuid), "name": row.name, "qualification": row.qualification, "last": last.isoformat()}
        kind = "trainer.expired" if now == "over" else "trainer.expiring"
        people.notify_all(
            kind=kind, manager_ids=managers, context=context, at=at, about=f"trainer:{row.uuid}/{last.isoformat()}/{now}"
        )
    return len(due)
