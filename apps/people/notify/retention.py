"""Old notices go, with their deliveries and the counts of text messages."""

from datetime import datetime

from apps.people.models import Notice, SmsDay
from apps.people.notify import rules
from infra.kit import clock

_AT_ONCE = 2000


def forget_old(*, at: datetime) -> int:
    """Remove notices older than ``rules.KEPT`` of this enterprise; returns how many. Short statements, so that nobody waits."""
    before, gone = at - rules.KEPT, 0
    SmsDay.objects.filter(day__lt=clock.shanghai_date(before)).delete()
    while ids := list(Notice.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:_AT_ONCE]):
        Notice.objects.filter(pk__in=ids).delete()
        gone += len(ids)
    return gone
