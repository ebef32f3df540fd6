"""Who reads announcements, and which are for them."""

from datetime import datetime

from apps.people.shapes import Profile
from public.site import api as site
from public.site.api import Announcement
from tenants.api import Site


def audiences_of(who: Profile) -> tuple[str, ...]:
    """Return the audiences to which somebody belongs; who manages and learns belongs to both."""
    found = {*(site.FOR_MANAGERS if who.manager else ()), *(site.FOR_LEARNERS if who.learner else ())}
    return tuple(sorted(str(one) for one in found))


def reader_of(who: Profile) -> str:
    """Return the reference under which somebody's marks are kept: of the credential, so that both sides share them."""
    return f"credential:{who.credential.pk}" if who.credential else "nobody"


def unread(who: Profile, here: Site, *, at: datetime) -> list[Announcement]:
    """Return the pinned announcements that somebody has not opened yet, at most two, in one query."""
    if who.credential is None:
        return []
    return site.unread(
        audiences=audiences_of(who), division=here.division_code, schema=here.schema_name, reader=reader_of(who), at=at
    )
