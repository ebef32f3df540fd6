"""Reads: what is live for whom, what somebody has not opened yet, the desk's list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators.api import Me
from public.site.announcing.models import Announcement, Seen

Audience = Announcement.Audience
PLATFORM_ROWS = "platform"
"""What the database writes as the schema of rows of the platform's own people."""
STRANGER = (Audience.EVERYBODY,)
MANAGER = (Audience.EVERYBODY, Audience.PEOPLE, Audience.MANAGERS)
LEARNER = (Audience.EVERYBODY, Audience.PEOPLE, Audience.LEARNERS)
OPERATOR = (Audience.EVERYBODY, Audience.OPERATORS)


def live(*, audiences: tuple[str, ...], division: str, at: datetime) -> QuerySet[Announcement]:
    """Return what is shown now to these audiences in a division; pinned ones first, then the newest."""
    rows = Announcement.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), withdrawn_at=None, starts_at__lte=at, audience__in=audiences
    )
    return rows.filter(division__in={"", division[:2], division[:4], division}).order_by("-is_pinned", "-starts_at", "-pk")


def with_marks(rows: QuerySet[Announcement], *, schema: str, reader: str) -> QuerySet[Announcement]:
    """Add ``is_seen`` for one reader."""
    return rows.annotate(is_seen=Exists(_marks(schema, reader)))


def _marks(schema: str, reader: str) -> QuerySet[Seen]:
    return Seen.objects.filter(announcement=OuterRef("pk"), schema_name=schema, reader=reader)


def unread(
    *, audiences: tuple[str, ...], division: str, schema: str, reader: str, at: datetime, most: int = 2
) -> list[Announcement]:
    """Return the pinned ones that a reader has not opened yet, in one query."""
    rows = live(audiences=audiences, division=division, at=at).filter(is_pinned=True)
    return list(rows.exclude(Exists(_marks(schema, reader)))[:most])


def one(uuid: UUID, *, audiences: tuple[str, ...] = (), division: str = "", at: datetime | None = None) -> Announcement:
    """Return one announcement; with ``audiences`` only if it is live for them.

    :raises DomainError: 404
    """
    rows: Any = (
        live(audiences=audiences, division=division, at=at) if audiences and at is not None else Announcement.objects.all()
    )
    row: Announcement | None = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条公告，可能已经结束或撤回。"), status=404)
    return row


def listed(*, search: str = "", state: str = "", at: datetime) -> QuerySet[Announcement]:
    """Return the desk's list with ``readers``, newest first. ``state``: live, coming, over, withdrawn."""
    rows = Announcement.objects.annotate(readers=Count("seen"))
    for word in search.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
    is_over = Q(ends_at__isnull=False, ends_at__lte=at)
    conditions = {
        "live": Q(withdrawn_at=None, starts_at__lte=at) & ~is_over,
        "coming": Q(withdrawn_at=None, starts_at__gt=at),
        "over": Q(withdrawn_at=None) & is_over,
        "withdrawn": Q(withdrawn_at__isnull=False),
    }
    return rows.filter(conditions.get(state, Q())).order_by("-starts_at", "-pk")


def words_of(row: Announcement) -> tuple[str, str]:
    """Return title and text in the reader's language; Chinese where there is no English."""
    english = (get_language() or "").startswith("en")
    return (row.title_en if english and row.title_en else row.title), (row.text_en if english and row.text_en else row.text)


def reader_of(me: Me) -> str:
    """Return the reference under which an operator's marks are kept."""
    return f"operator:{me.credential_id}"


def unread_of_operator(me: Me, *, at: datetime) -> int:
    """Return how many live announcements an operator has not opened yet."""
    return live(audiences=OPERATOR, division="", at=at).exclude(Exists(_marks(PLATFORM_ROWS, reader_of(me)))).count()
