"""The clock of complaints: the desk is told at 50, 80 and 100 percent, once each (domain facts §6). A clock that stands still tells nothing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from public.audit import api as audit
from public.complaints import diary, rules
from public.complaints.diary import SYSTEM, Kind
from public.complaints.locking import State
from public.complaints.models import Complaint

_LATE = 100


def percent_of(row: Complaint, at: datetime) -> int:
    """Return how much of a running complaint's time is over; while it waits for its complainant, as when it began to wait."""
    moment = row.paused_at or at
    in_days = row.promise.settle_days is not None
    return rules.share(in_days=in_days, start=row.clock_from, due=row.due_at, at=moment)


def watch(*, at: datetime) -> int:
    """Tell of complaints that have come to another stage; returns how many. An hour in which nothing ran is made up for."""
    running = Complaint.objects.filter(state__in=[State.FILED, State.OPEN], stage__lt=_LATE).select_related("promise")
    return sum(_one(row.pk, at) for row in list(running.order_by("due_at")) if rules.stage(percent_of(row, at)) > row.stage)


@transaction.atomic
def _one(pk: int, at: datetime) -> int:
    rows = Complaint.objects.select_for_update(skip_locked=True, of=("self",)).select_related("promise")
    row = rows.filter(pk=pk, state__in=[State.FILED, State.OPEN]).first()
    stage = rules.stage(percent_of(row, at)) if row else 0
    if row is None or stage <= row.stage:
        return 0
    row.stage = stage
    row.save(update_fields=["stage"])
    words = _("已超过办结期限") if stage >= _LATE else _("办理时间已过 %(n)d%%") % {"n": stage}
    diary.by_system(row, Kind.ESCALATED, at=at, text=words)
    if stage >= _LATE:
        audit.record("complaint.late", actor=SYSTEM, target=f"complaint:{row.uuid}", at=at, number=row.number)
    return 1
