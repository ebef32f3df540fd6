"""The morning's reminder of questions that wait too long."""

from datetime import datetime

from apps.community.threads import desk, notices
from apps.people import api as people


def remind(*, at: datetime) -> int:
    """Tell those who moderate how many questions are due today or late, once a day; return how many."""
    n, late = desk.due(at)
    if n:
        notices.tell_overdue(n=n, late=late, managers=people.managers_who(people.Permission.TALK_MODERATE), at=at)
    return n
