"""Invite links: made, found by what stands in the address, withdrawn. Only a digest is kept, yet a poster can be printed again."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import history
from apps.people.belonging import Units
from apps.people.joining.models import Decision, Invite
from apps.people.models import Change, Unit
from infra.kit.errors import DomainError
from tenants import keys
from tenants.api import current_site

LONGEST = timedelta(days=365)
MOST = 100_000
_TOKEN = 24
"""Characters of 6 bits: 144 bits, and short enough for a QR code that is read from two metres."""


def make(
    *, unit_id: int | None, position: str, days: int, most: int | None, by: int, at: datetime, within: Units = None
) -> Invite:
    """Make a link for one unit (or none, for who has no unit yet).

    :param days: how long it is good, 1-365
    :param most: how many may register; None for any number
    :param within: units the manager may invite to; a supervisor has to name one of them
    :raises DomainError: ``unit_missing``, ``days_invalid``, ``most_invalid``
    """
    unit = _unit(unit_id, within)
    if not 1 <= days <= LONGEST.days:
        raise DomainError("days_invalid", _("有效天数请填 1–365。"), field="days")
    if most is not None and not 1 <= most <= MOST:
        raise DomainError("most_invalid", _("人数上限请填 1–100000，不限就留空。"), field="most")
    name = uuid4()
    with transaction.atomic():
        row = Invite.objects.create(
            uuid=name, digest=_digest(token_of(name)), unit=unit, position=position.strip()[:60], most=most,
            expires_at=at + timedelta(days=days), by_id=by, at=at,
        )  # fmt: skip
        _note(row, "link_made", by, at)
    return row


def revoke(*, invite: UUID, by: int, at: datetime, within: Units = None) -> Invite:
    """Make a link worthless at once; who waits behind it goes on waiting. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    with transaction.atomic():
        row = one(invite, within=within, lock=True)
        if row.revoked_at is None:
            row.revoked_at = at
            row.save(update_fields=["revoked_at"])
            _note(row, "link_ended", by, at)
    return row


def links(*, within: Units = None) -> QuerySet[Invite]:
    """Return the links with ``waiting`` and ``joined`` people counted, newest first."""
    rows = Invite.objects.select_related("unit", "by").order_by("-at", "-id")
    rows = rows if within is None else rows.filter(unit_id__in=within)
    waiting = Count("applications", filter=Q(applications__state=Decision.WAITING))
    return rows.annotate(waiting=waiting, joined=Count("applications", filter=Q(applications__state=Decision.APPROVED)))


def one(invite: UUID, *, within: Units = None, lock: bool = False) -> Invite:
    """Return one link.

    :raises DomainError: 404 ``not_found``
    """
    rows = Invite.objects.select_for_update(of=("self",)) if lock else Invite.objects.all()
    row = rows.select_related("unit", "by").filter(uuid=invite).first()
    if row is None or (within is not None and row.unit_id not in within):
        raise DomainError("not_found", _("没有找到这个邀请，可能不在您的范围内。"), status=404)
    return row


def opened(token: str, *, at: datetime, lock: bool = False) -> Invite:
    """Return the link that a token opens now.

    :raises DomainError: 404 ``invite_unknown``; 410 ``invite_over``, ``invite_full``
    """
    rows = Invite.objects.select_for_update(of=("self",)) if lock else Invite.objects.all()
    row = rows.select_related("unit").filter(digest=_digest(token)).first()
    if row is None:
        raise DomainError("invite_unknown", _("这个邀请链接不存在。请重新扫码，或向本单位安全管理员要新的链接。"), status=404)
    if row.revoked_at is not None or row.expires_at <= at or (row.unit and row.unit.archived_at):
        raise DomainError("invite_over", _("这个邀请已失效。请向本单位安全管理员要新的二维码或链接。"), status=410)
    if row.most is not None and row.used >= row.most:
        raise DomainError("invite_full", _("这个邀请的名额已用完。请向本单位安全管理员要新的二维码或链接。"), status=410)
    return row


def state_of(row: Invite, *, at: datetime) -> str:
    """Return ``open``, ``revoked``, ``expired`` or ``full``."""
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at <= at:
        return "expired"
    return "full" if row.most is not None and row.used >= row.most else "open"


def token_of(invite: UUID) -> str:
    """Return what stands in the address of a link: nobody can make it without the secret, and it is kept nowhere."""
    raw = keys.index(f"{current_site().uuid}/{invite}", purpose="invite-token")
    return urlsafe_b64encode(bytes.fromhex(raw))[:_TOKEN].decode()


def _digest(token: str) -> str:
    return keys.index(token[:100], purpose="invite")


def _unit(unit_id: int | None, within: Units) -> Unit | None:
    if unit_id is None and within is None:
        return None
    unit = Unit.objects.filter(pk=unit_id, archived_at=None).first() if unit_id is not None else None
    if unit is None or (within is not None and unit.pk not in within):
        raise DomainError("unit_missing", _("请选择您管理的部门，登记的人会归到这个部门。"), field="unit")
    return unit


def _note(row: Invite, action: str, by: int, at: datetime) -> None:
    unit = row.unit.name if row.unit else str(_("未分部门"))
    after = {"invite": unit, "position": row.position}
    history.note(Change.Kind.UNIT, row.unit_id or "", name=unit, action=action, before={}, after=after, by=by, at=at)
