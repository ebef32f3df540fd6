"""The clock of requests: reminders at 50, 80 and 100 percent, once each; who is late is told to whoever takes complaints."""

from datetime import datetime

from django.db import transaction

from apps.people import events
from apps.people.models import PrivacyRequest
from apps.people.privacy import rules, telling

_LATE = 100


def watch(*, at: datetime) -> int:
    """Remind of requests that have come to another stage; returns how many. An hour in which nothing ran is made up for.

    Who is late is said in every round until it is answered: what listens may fail, and takes it once.
    """
    done = 0
    for pk in list(PrivacyRequest.objects.filter(state="WAITING").order_by("due_at").values_list("pk", flat=True)):
        done += _one(pk, at)
    for request in PrivacyRequest.objects.filter(state="WAITING", told__gte=_LATE).values_list("uuid", flat=True):
        events.request_overdue.send_robust(sender=PrivacyRequest, request=request, at=at)
    return done


@transaction.atomic
def _one(pk: int, at: datetime) -> int:
    row = PrivacyRequest.objects.select_for_update(skip_locked=True).filter(pk=pk, state="WAITING").first()
    stage = rules.stage(row.at, row.due_at, at) if row else 0
    if row is None or stage <= row.told:
        return 0
    row.told = stage
    row.save(update_fields=["told"])
    telling.reminded(row, percent=stage, at=at)
    return 1
