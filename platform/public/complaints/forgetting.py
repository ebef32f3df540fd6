"""How long a complainant can be reached by us: contacts go a year after the end, the case and its figures stay (PIPL art. 19)."""

from datetime import datetime, timedelta

from django.db.models import Q

from public.complaints.locking import State
from public.complaints.models import Complaint

KEPT = timedelta(days=365)


def forget(*, at: datetime) -> int:
    """Remove the contacts of complaints that were decided a year ago, or withdrawn and their time over since then; returns how many."""
    old = at - KEPT
    ended = Q(state=State.DECIDED, decided_at__lt=old) | Q(state=State.WITHDRAWN, due_at__lt=old)
    return Complaint.objects.filter(ended, contact_sealed__isnull=False).update(contact_sealed=None, tell="")
