"""A legal hold stops the erasure of a person as it stops that of old months."""

from datetime import date, timedelta

from django.db.models import Q

from apps.people.models import Learner
from public.retention import api as retention

_ASK_AGAIN = timedelta(days=30)


def held_until(learner_id: int, today: date) -> date | None:
    """Return the day from which no hold keeps a learner's data, None where none does; one without an end is asked about again in a month."""
    subject = Learner.objects.values_list("uuid", flat=True).get(pk=learner_id)
    ends = list(retention.standing(today).filter(Q(subject=None) | Q(subject=subject)).values_list("until", flat=True))
    return max((end + timedelta(days=1) if end else today + _ASK_AGAIN for end in ends), default=None)
