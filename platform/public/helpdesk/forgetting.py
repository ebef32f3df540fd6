"""Lets go what is needed no longer: contacts of askers half a year after the end, questions without an answer, manuals of former releases."""

from datetime import datetime, timedelta

from public.helpdesk import passages
from public.helpdesk.models import Gap, Ticket

CONTACTS_KEPT, QUESTIONS_KEPT = timedelta(days=180), timedelta(days=180)


def forget(*, at: datetime) -> int:
    """Forget; returns how many rows lost something or went. Safe to repeat."""
    ended = Ticket.objects.filter(solved_at__lt=at - CONTACTS_KEPT, contact_sealed__isnull=False)
    asked = Gap.objects.filter(last_at__lt=at - QUESTIONS_KEPT)
    return ended.update(contact_sealed=None, tell="") + asked.delete()[0] + passages.forget_former(at=at)
