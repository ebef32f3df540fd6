"""What follows a notice: which channels carry it, from when on."""

from datetime import datetime

from django.db import transaction

from apps.people.notify.models import Notice

BATCH = 200


def plan(*, at: datetime) -> int:
    """Lay out deliveries of waiting notices; returns how many notices. Two workers share the work (``SKIP LOCKED``)."""
    done = 0
    while rows := _batch(at):
        done += rows
    return done


@transaction.atomic
def _batch(at: datetime) -> int:
    """Take one batch; a worker that dies in it leaves the notices waiting."""
    rows = Notice.objects.filter(planned_at=None).select_for_update(skip_locked=True, of=("self",)).order_by("id")[:BATCH]
    ids = [row.pk for row in rows]
    return Notice.objects.filter(pk__in=ids).update(planned_at=at)
