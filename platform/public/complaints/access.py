"""Reading what an enterprise keeps of a complainant: per case, for a reason, by leave of a second person, until an end (clause 五.7).

Each reading stands in the enterprise's own audit log, which its owner can see; the log names neither complaint nor complainant's words.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.complaints import diary, sealing
from public.complaints.diary import Desk, Kind, require_desk
from public.complaints.locking import State, held, words
from public.complaints.models import AccessGrant, Complaint
from public.complaints.ports import RECORDS, Block
from tenants.api import enterprise_scope, site_by_schema

MOST_HOURS = 72
_Grant = AccessGrant.State


@transaction.atomic
def ask(*, complaint: UUID, reason: str, hours: int, desk: Desk) -> UUID:
    """Ask for leave to read the complainant's training record in the enterprise of the case.

    :param hours: how long, from the moment of leave; 1 to 72
    :raises DomainError: 403; 404; 409 ``wrong_state``, ``no_enterprise``, ``nobody_named``, ``asked``; 422 ``reason_missing``, ``bad_hours``
    """
    require_desk(desk)
    row = held(complaint, State.OPEN, State.WAITING)
    if not row.schema_name:
        raise DomainError("no_enterprise", _("这件投诉没有涉及企业，没有可以调阅的记录。"), status=409)
    if not names_somebody(row):
        told = _("投诉人没有登录，也没有留手机号，找不到对应的学员记录。请联系企业，由企业协助核对。")
        raise DomainError("nobody_named", told, status=409)
    if not 1 <= hours <= MOST_HOURS:
        raise DomainError("bad_hours", _("调阅时长请填 1 到 72 小时。"), status=422, field="hours")
    reason = words(reason, field="reason", message=_("请写明为什么需要调阅企业内的记录。"), least=6)[:300]
    AccessGrant.objects.filter(complaint=row, state=_Grant.GRANTED, expires_at__lte=desk.at).update(state=_Grant.ENDED)
    try:
        with transaction.atomic():
            grant = AccessGrant.objects.create(
                complaint=row, schema_name=row.schema_name, reason=reason, hours=hours,
                asked_by=desk.me.credential_id, asked_at=desk.at,
            )  # fmt: skip
    except IntegrityError as error:
        raise DomainError("asked", _("已有一份调阅申请在等待批准或有效期内。"), status=409) from error
    diary.by_desk(row, Kind.ACCESS_ASKED, desk, text=reason)
    return grant.uuid


def names_somebody(row: Complaint) -> bool:
    """Whether the complainant's record can be found at all: a learner filed it, or a phone was left."""
    return row.subject is not None or bool(sealing.contact_of(row).mobile)


@transaction.atomic
def decide(*, grant: UUID, allow: bool, desk: Desk) -> None:
    """Give leave, or not; never to oneself.

    :raises DomainError: 403 ``forbidden``, ``own_request``; 404; 409 ``decided``, ``wrong_state``
    """
    require_desk(desk)
    row, case = _held(grant)
    if row.state != _Grant.ASKED:
        raise DomainError("decided", _("这份调阅申请已处理过。请刷新页面。"), status=409)
    if row.asked_by == desk.me.credential_id:
        raise DomainError("own_request", _("调阅须由申请人以外的同事批准。"), status=403)
    if allow and case.state not in {State.OPEN, State.WAITING}:
        raise DomainError("wrong_state", _("投诉已办结或撤回，不能再调阅。"), status=409)
    row.state, row.decided_by, row.decided_at = _Grant.GRANTED if allow else _Grant.REFUSED, desk.me.credential_id, desk.at
    row.expires_at = desk.at + timedelta(hours=row.hours) if allow else None
    row.save(update_fields=["state", "decided_by", "decided_at", "expires_at"])
    diary.by_desk(case, Kind.ACCESS_GRANTED if allow else Kind.ACCESS_REFUSED, desk, text=row.reason)
    if allow:
        _tell_enterprise("complaints.access_granted", row, desk)


@transaction.atomic
def end(*, grant: UUID, desk: Desk) -> None:
    """End leave before its time; done twice, nothing happens.

    :raises DomainError: 403; 404
    """
    require_desk(desk)
    row, case = _held(grant)
    if row.state not in {_Grant.ASKED, _Grant.GRANTED}:
        return
    row.state = _Grant.ENDED
    row.save(update_fields=["state"])
    diary.by_desk(case, Kind.ACCESS_ENDED, desk)


def end_all(row: Complaint, *, at: datetime) -> None:
    """End every open leave of a complaint that is over; part of the caller's transaction."""
    if row.grants.filter(state__in=[_Grant.ASKED, _Grant.GRANTED]).update(state=_Grant.ENDED):
        diary.by_system(row, Kind.ACCESS_ENDED, at=at, text=_("投诉结束，调阅权限随之结束"))


def read(*, grant: UUID, desk: Desk) -> list[Block]:
    """Return the record of the complainant in the enterprise. That somebody looked is written down there and here, also where nothing was found.

    :raises DomainError: 403 ``forbidden``, ``not_granted``, ``other_reader``; 404 ``not_found``, ``no_learner``
    """
    case = _note_reading(grant, desk)
    site = site_by_schema(case.schema_name)
    mobile = sealing.contact_of(case).mobile
    if site is None:
        raise _no_learner()
    with enterprise_scope(site):
        subject = case.subject or (RECORDS.get().find(mobile) if mobile else None)
        if subject is None:
            raise _no_learner()
        return RECORDS.get().blocks(subject, at=desk.at)


@transaction.atomic
def _note_reading(grant: UUID, desk: Desk) -> Complaint:
    require_desk(desk)
    row, case = _held(grant)
    if row.asked_by != desk.me.credential_id:
        raise DomainError("other_reader", _("只有申请人本人可以调阅。需要时请另行申请。"), status=403)
    if not row.holds(desk.at):
        raise DomainError("not_granted", _("调阅没有批准，或已到期。需要时请重新申请。"), status=403)
    _tell_enterprise("complaints.record_read", row, desk)
    diary.by_desk(case, Kind.ACCESS_READ, desk)
    return case


def _no_learner() -> DomainError:
    words_ = _("企业里没有找到投诉人的学员记录。请向投诉人核对手机号，或请企业协助。")
    return DomainError("no_learner", words_, status=404)


def _tell_enterprise(action: str, row: AccessGrant, desk: Desk) -> None:
    until = row.expires_at.isoformat() if row.expires_at else ""
    audit.record(
        action, actor=desk.actor, target=f"grant:{row.uuid}", at=desk.at, ip=desk.ip, schema_name=row.schema_name, until=until
    )


def _held(grant: UUID) -> tuple[AccessGrant, Complaint]:
    known = AccessGrant.objects.filter(uuid=grant).select_related("complaint").first()
    if known is None:
        raise DomainError("not_found", _("没有找到这份调阅申请，请从投诉重新进入。"), status=404)
    case = held(known.complaint.uuid)
    return AccessGrant.objects.select_for_update().get(pk=known.pk), case
