"""Writes: publish, withdraw, mark as read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.api import Me
from public.site.announcing.models import Announcement, Seen

Audience = Announcement.Audience
OF_A_PLACE = (Audience.PEOPLE, Audience.MANAGERS, Audience.LEARNERS)
"""Whom a division can narrow down; the public and the platform's people are nowhere."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be announced."""

    audience: str
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime | None = None
    division: str = ""
    level: str = Announcement.Level.INFO
    title_en: str = ""
    text_en: str = ""
    is_pinned: bool = False


@transaction.atomic
def publish(*, draft: Draft, me: Me, at: datetime, ip: str = "") -> Announcement:
    """Announce something from ``starts_at`` on.

    :raises DomainError: 422 ``bad_period`` where it ends before it begins, or before now; ``bad_division`` where readers have no place
    """
    if draft.ends_at is not None and (draft.ends_at <= draft.starts_at or draft.ends_at <= at):
        raise DomainError("bad_period", _("结束时间要晚于开始时间和现在。"), status=422, field="ends_at")
    if draft.division and draft.audience not in OF_A_PLACE:
        words = _("只给一个地区的公告，对象请选企业全体人员、企业管理人员或学员。")
        raise DomainError("bad_division", words, status=422, field="division")
    by = f"operator:{me.credential_id}"
    row = Announcement.objects.create(
        by=by, by_name=me.name, at=at, **{name: getattr(draft, name) for name in draft.__slots__}
    )  # fmt: skip
    audit.record("site.announced", actor=by, target=f"announcement:{row.uuid}", at=at, ip=ip or None, audience=row.audience)
    return row


@transaction.atomic
def withdraw(*, announcement: UUID, reason: str, me: Me, at: datetime, ip: str = "") -> None:
    """Take an announcement away for good; asked twice, it happens once.

    :raises DomainError: 404; 422 ``reason_missing``
    """
    if len(reason.strip()) < 2:
        raise DomainError("reason_missing", _("请写明撤回的原因。"), status=422, field="reason")
    by = f"operator:{me.credential_id}"
    row = Announcement.objects.select_for_update().filter(uuid=announcement).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条公告。"), status=404)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = at, by, reason.strip()[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    audit.record(
        "site.announcement_withdrawn",
        actor=by,
        target=f"announcement:{row.uuid}",
        at=at,
        ip=ip or None,
        reason=row.withdrawn_reason,
    )


def see(*rows: Announcement, reader: str, at: datetime) -> None:
    """Mark announcements as read by somebody of the current place; the first time counts."""
    Seen.objects.bulk_create([Seen(announcement=row, reader=reader, at=at) for row in rows], ignore_conflicts=True)
