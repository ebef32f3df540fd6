"""How long a complainant can be reached by us: contacts go a year after the end, the case and its figures stay (PIPL art. 19)."""

from datetime import datetime, timedelta

from public.complaints.locking import State
from public.complaints.models import Complaint

KEPT = timedelta(days=365)


def forget(*, at: datetime) -> int:
    """Remove the contacts of complaints whose time was over a year ago and that have ended; returns how many."""
    ended = Complaint.objects.filter(state__in=[State.DECIDED, State.WITHDRAWN], contact_sealed__isnull=False)
    return ended.filter(due_at__lt=at - KEPT).update(contact_sealed=None, tell="")
