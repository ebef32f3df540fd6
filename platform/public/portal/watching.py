"""The clock of notices: enterprises are reminded three days before, told when it is over, and once more a week later; each once a round."""

from datetime import date, datetime, timedelta

from django.db import transaction

from infra.kit import clock
from public.portal import diary
from public.portal.diary import Kind
from public.portal.models import Rectification
from public.portal.shapes import WAITING
from tenants.api import Enterprise

SOON, LONG = timedelta(days=3), timedelta(days=7)
_KINDS = {1: Kind.SOON, 2: Kind.LATE, 3: Kind.LATE_LONG}
_LAST = max(_KINDS)


def stage_of(due_on: date, today: date) -> int:
    """Return what the clock says of a last day: 0 nothing, 1 it is near, 2 it is over, 3 it has been over for a week."""
    if today > due_on + LONG:
        return 3
    if today > due_on:
        return 2
    return 1 if today >= due_on - SOON else 0


def watch(*, at: datetime) -> int:
    """Tell of notices that came to another stage; returns how many. Days on which nothing ran are made up for, by the last stage alone.

    Of an enterprise that has closed nobody can answer any more: its clock stands.
    """
    today = clock.shanghai_date(at)
    closed = Enterprise.objects.filter(status=Enterprise.Status.CLOSED).values("schema_name")
    rows = Rectification.objects.filter(state__in=WAITING, stage__lt=_LAST, due_on__lte=today + SOON).exclude(
        schema_name__in=closed
    )
    return sum(_one(pk, today, at) for pk in list(rows.order_by("due_on", "pk").values_list("pk", flat=True)))


@transaction.atomic
def _one(pk: int, today: date, at: datetime) -> int:
    row = Rectification.objects.select_for_update(skip_locked=True).filter(pk=pk, state__in=WAITING).first()
    stage = stage_of(row.due_on, today) if row else 0
    if row is None or stage <= row.stage:
        return 0
    row.stage = stage
    row.save(update_fields=["stage"])
    diary.by_clock(row, _KINDS[stage], at=at)
    return 1
