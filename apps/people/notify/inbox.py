"""Notices in the product, as their reader sees them. Every read and write is bound to one recipient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.people.models import Notice
from apps.people.notify import kinds
from infra.kit.errors import DomainError

COUNTED = 99
ICONS = {
    "qualification": "id-badge-2",
    "import": "upload",
    "plan": "clipboard-list",
    "sign": "signature",
    "void": "clock-x",
    "appeal": "scale",
    "course": "books",
    "privacy": "shield-lock",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose notices: a learner's or a manager's; who is both has two lists, one on each side."""

    learner_id: int | None = None
    manager_id: int | None = None

    def rows(self) -> QuerySet[Notice]:
        """Return the reader's notices."""
        if self.learner_id is not None and self.manager_id is None:
            return Notice.objects.filter(learner_id=self.learner_id)
        if self.manager_id is not None and self.learner_id is None:
            return Notice.objects.filter(manager_id=self.manager_id)
        raise ValueError("a reader is a learner or a manager")


@dataclass(frozen=True, slots=True)
class Item:
    """One notice in words."""

    uuid: UUID
    title: str
    body: str
    kind: str
    icon: str
    is_urgent: bool
    is_read: bool
    at: datetime


def listing(reader: Reader, *, unread_only: bool = False, kind: str = "") -> QuerySet[Notice]:
    """Return what fits, newest first."""
    rows = reader.rows().order_by("-at", "-id")
    if unread_only:
        rows = rows.filter(read_at=None)
    return rows.filter(kind=kind) if kind else rows


def item(row: Notice) -> Item:
    """Put a notice into the words of the moment's language; one of a kind that is no more says so."""
    kind = kinds.known(row.kind)
    if kind is None:
        return Item(row.uuid, _("较早的消息"), "", "", "bell", False, row.read_at is not None, row.at)
    icon = ICONS.get(row.kind.split(".", maxsplit=1)[0], "bell")
    title, body = kind.title_of(row.context), kind.body_of(row.context)
    return Item(
        row.uuid, title, body, kinds.label_of(kind), icon, kind.urgency == kinds.URGENT, row.read_at is not None, row.at
    )  # fmt: skip


def unread(reader: Reader) -> int:
    """Return how many are unread, counted no further than to one hundred: one query on an index of unread ones."""
    return reader.rows().filter(read_at=None)[: COUNTED + 1].count()


def unread_notices(*, learner_id: int | None = None, manager_id: int | None = None) -> int:
    """Return how many notices of one side are unread, at most 100, in one query."""
    return unread(Reader(learner_id=learner_id, manager_id=manager_id))


def newest_notices(*, learner_id: int, limit: int) -> list[Item]:
    """Return the newest unread notices of a learner in words, for the home: one query."""
    return [item(row) for row in listing(Reader(learner_id=learner_id), unread_only=True)[:limit]]


def open_notice(reader: Reader, notice: UUID, *, at: datetime) -> str:
    """Mark one as read and return the path it leads to; "" where there is none any more.

    :raises DomainError: 404 ``not_found``, also for somebody else's
    """
    row = reader.rows().filter(uuid=notice).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条消息，可能已过保存期。请回到消息列表。"), status=404)
    if row.read_at is None:
        reader.rows().filter(pk=row.pk, read_at=None).update(read_at=at)
    kind = kinds.known(row.kind)
    return kind.url_of(row.context) if kind else ""


def mark_read(reader: Reader, *, notices: Iterable[UUID] | None, at: datetime) -> int:
    """Mark some as read, or all with None; returns how many were unread. ``at`` is what :func:`undo` needs."""
    rows = reader.rows().filter(read_at=None)
    if notices is not None:
        rows = rows.filter(uuid__in=list(notices))
    return rows.update(read_at=at)


def undo(reader: Reader, *, at: datetime) -> int:
    """Make unread again what was marked as read at exactly this moment; returns how many."""
    return reader.rows().filter(read_at=at).update(read_at=None)


def kinds_of(reader: Reader) -> list[tuple[str, str]]:
    """Return (name, label) of the kinds that the reader has notices of."""
    found = reader.rows().order_by().values_list("kind", flat=True).distinct()
    return sorted((name, kinds.label_of(kind)) for name in found if (kind := kinds.known(name)))
