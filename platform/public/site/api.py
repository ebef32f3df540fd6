"""Front door of the site: the footer of every page, announcements for people of enterprises."""

from public.site.announcing.models import Announcement
from public.site.announcing.queries import LEARNER as FOR_LEARNERS
from public.site.announcing.queries import MANAGER as FOR_MANAGERS
from public.site.announcing.queries import live, one, unread, with_marks, words_of
from public.site.announcing.services import see
from public.site.footing import Footer
from public.site.papers.showing import privacy, qualifications, scan

__all__ = [
    "FOR_LEARNERS",
    "FOR_MANAGERS",
    "Announcement",
    "Footer",
    "live",
    "one",
    "privacy",
    "qualifications",
    "scan",
    "see",
    "unread",
    "with_marks",
    "words_of",
]
