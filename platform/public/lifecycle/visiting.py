"""Looking around in an enterprise: an operator asks with a reason, the owner gives leave, either ends it (clauses 五.4, 五.7).

It is never a way to act: the visitor reads what an auditor of the enterprise may read, under the own name, and every page is in the
enterprise's log. Records must name who made them (clause 四.2), so nobody makes any for somebody else.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.audit import api as audit
from public.lifecycle import events
from public.lifecycle.models import Visit
from public.lifecycle.rules import ANSWER_WITHIN, MINUTES, SAME_LOOK, SEVERAL, TICKET_LIFE
from public.lifecycle.words import By, Desk, enterprise, note, require_operations, said, system
from public.operators.api import Role, may_read
from tenants import opening
from tenants.models import Enterprise

State = Visit.State


@transaction.atomic
def ask(*, enterprise_id: int, reason: str, minutes: int, desk: Desk) -> UUID:
    """Ask the owner of an enterprise for leave to look around.

    :param minutes: how long, from the moment of leave
    :raises DomainError: 403; 404; 409 ``enterprise_closed``, ``visit_open``; 422 ``words_missing``, ``bad_minutes``
    """
    require_operations(desk)
    row = enterprise(enterprise_id, lock=True)
    if row.status == Enterprise.Status.CLOSED:
        raise DomainError("enterprise_closed", _("该企业已注销，没有人能同意访问。"), status=409)
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise DomainError("bad_minutes", _("访问时长请选 15 分钟到 8 小时。"), status=422, field="minutes")
    reason = said(reason, least=6, most=300, field="reason", message=_("请写明为什么需要查看，企业负责人会看到。"))
    _lapse(row, desk.at)
    try:
        with transaction.atomic():
            made = Visit.objects.create(
                enterprise=row, reason=reason, minutes=minutes, operator_id=desk.me.credential_id, operator_name=desk.name,
                asked_at=desk.at, lapses_at=desk.at + ANSWER_WITHIN,
            )  # fmt: skip
    except IntegrityError as error:
        raise DomainError("visit_open", _("已有一份访问申请在等企业答复，或访问正在进行。"), status=409) from error
    note("visit.asked", row, desk, visit=str(made.uuid), reason=reason, minutes=minutes)
    events.tell(events.visit_changed, schema=row.schema_name, visit=made.uuid, what="asked")
    return made.uuid


def end_due(*, at: datetime) -> int:
    """End every visit that has run out and every question that nobody answered; returns how many enterprises. Safe to repeat."""
    due = list(Visit.objects.filter(_over(at)).values_list("enterprise_id", flat=True))
    for enterprise_id in due:
        with transaction.atomic():
            _lapse(enterprise(enterprise_id, lock=True), at)
    return len(due)


def drop(row: Enterprise, *, at: datetime) -> None:
    """End what is asked or allowed in an enterprise that is closed; its row is locked by the caller."""
    _lapse(row, at)
    for one in Visit.objects.select_for_update().filter(enterprise=row, state__in=(State.ASKED, State.GRANTED)):
        _end(one, row, system(at), "visit.ended", at)


def _over(at: datetime) -> Q:
    return Q(state=State.ASKED, lapses_at__lte=at) | Q(state=State.GRANTED, expires_at__lte=at)


def _lapse(row: Enterprise, at: datetime) -> None:
    """End what nobody answered, and what has run out, so that a new question may be asked."""
    for one in Visit.objects.select_for_update().filter(_over(at), enterprise=row):
        if one.state == State.ASKED:
            _end(one, row, system(at), "visit.lapsed", one.lapses_at)
        else:
            _end(one, row, system(at), "visit.ended", one.expires_at or at)


def _end(one: Visit, row: Enterprise, who: By | Desk, action: str, ended_at: datetime) -> None:
    one.state, one.ended_by, one.ended_at, one.ticket = State.ENDED, who.reference, ended_at, ""
    one.save(update_fields=["state", "ended_by", "ended_at", "ticket"])
    note(action, row, who, visit=str(one.uuid))


@transaction.atomic
def decide(*, enterprise_id: int, visit: UUID, allow: bool, by: By) -> None:
    """Give leave, or not; from within the enterprise only.

    :raises DomainError: 404 also for a visit elsewhere; 409 ``decided``
    """
    row = _held(visit, enterprise_id)
    if not row.waits(by.at):
        raise DomainError("decided", _("这份访问申请已处理过或已过期。请刷新页面。"), status=409)
    row.state, row.decided_by, row.decided_name, row.decided_at = (
        State.GRANTED if allow else State.REFUSED,
        by.reference,
        by.name,
        by.at,
    )
    row.expires_at = by.at + timedelta(minutes=row.minutes) if allow else None
    row.save(update_fields=["state", "decided_by", "decided_name", "decided_at", "expires_at"])
    note("visit.granted" if allow else "visit.refused", row.enterprise, by, visit=str(row.uuid))
    if allow:
        opening.note_visit(schema=row.enterprise.schema_name, until=row.expires_at)


@transaction.atomic
def end(*, enterprise_id: int, visit: UUID, who: By | Desk) -> None:
    """End a visit, or take a question back, before its time; done twice, nothing happens.

    :raises DomainError: 403 ``forbidden``; 404 also for a visit elsewhere
    """
    if isinstance(who, Desk):
        require_operations(who)
    row = _held(visit, enterprise_id)
    if row.state not in {State.ASKED, State.GRANTED}:
        return
    _end(row, row.enterprise, who, "visit.ended", min(who.at, row.expires_at or who.at))
    opening.note_visit(schema=row.enterprise.schema_name, until=None)


@transaction.atomic
def ticket(*, visit: UUID, desk: Desk) -> tuple[str, str]:
    """Return the enterprise's subdomain and a ticket that leads in once, within a minute; only to who asked for the visit.

    :raises DomainError: 403 ``forbidden``, ``not_granted``, ``other_visitor``; 404
    """
    require_operations(desk)
    row = _held(visit)
    if row.operator_id != desk.me.credential_id:
        raise DomainError("other_visitor", _("只有申请人本人可以进入。需要时请另行申请。"), status=403)
    if not row.holds(desk.at):
        raise DomainError("not_granted", _("企业还没有同意，或访问已结束。需要时请重新申请。"), status=403)
    text = secrets.token_urlsafe(32)
    row.ticket, row.ticket_until = _digest(text), desk.at + TICKET_LIFE
    row.save(update_fields=["ticket", "ticket_until"])
    return row.enterprise.subdomain, text


@transaction.atomic
def enter(*, enterprise_id: int, ticket: str, at: datetime, ip: str) -> Visit:
    """Use a ticket up on the enterprise's own host.

    :raises DomainError: 403 ``ticket_gone``: forged, used, too old, of another enterprise, or the visit is over
    """
    row = (
        Visit.objects.select_for_update(of=("self",)).select_related("enterprise")
        .filter(enterprise_id=enterprise_id, ticket=_digest(ticket), ticket_until__gt=at).first()
    )  # fmt: skip
    if not ticket or row is None or not row.holds(at):
        raise DomainError("ticket_gone", _("进入链接已失效。请回到工作台，从企业页重新进入。"), status=403)
    row.ticket, row.ticket_until = "", None
    row.entered_at = row.entered_at or at
    row.save(update_fields=["ticket", "ticket_until", "entered_at"])
    _log("visit.entered", row, at, ip)
    events.tell(events.visit_changed, schema=row.enterprise.schema_name, visit=row.uuid, what="entered")
    return row


def visitor(*, enterprise_id: int, visit: UUID, at: datetime) -> Visit | None:
    """Return the visit that still holds in this enterprise, or None; asked with every page, so that an end is an end.

    It ends too for an operator whose account was blocked, or whose role may no longer read what concerns persons.
    """
    row = Visit.objects.filter(enterprise_id=enterprise_id, uuid=visit).first()
    if row is None or not row.holds(at):
        return None
    return row if may_read(row.operator_id, role=Role.OPERATIONS, of=PERSONS) else None


@transaction.atomic
def saw(row: Visit, *, path: str, status: int, at: datetime, ip: str) -> None:
    """Write down that the visitor was shown a page; the path without its query, which may hold what was searched for.

    A page that refreshes itself is one look a minute, so that the others are not buried under it.
    """
    newest = audit.history(f"visit:{row.uuid}", most=SEVERAL, actions=("visit.page_seen",))
    shown = {(one.details.get("path"), one.details.get("status")) for one in newest if at - one.at < SAME_LOOK}
    if (path[:200], status) in shown:
        return
    Visit.objects.filter(pk=row.pk).update(pages=F("pages") + 1)
    _log("visit.page_seen", row, at, ip, path=path[:200], status=status)


def _log(action: str, row: Visit, at: datetime, ip: str, **details: Any) -> None:
    audit.record(
        action, actor=f"operator:{row.operator_id}", target=f"visit:{row.uuid}", at=at, ip=ip or None,
        schema_name=row.enterprise.schema_name, name=row.operator_name, **details,
    )  # fmt: skip


def _held(visit: UUID, enterprise_id: int | None = None) -> Visit:
    """Return a visit, locked after its enterprise: whoever asks for one locks in the same order."""
    rows = Visit.objects.filter(uuid=visit)
    owner = (
        (rows if enterprise_id is None else rows.filter(enterprise_id=enterprise_id))
        .values_list("enterprise_id", flat=True)
        .first()
    )
    if owner is None:
        raise DomainError("not_found", _("没有找到这份访问申请，请从企业页重新进入。"), status=404)
    enterprise(owner, lock=True)
    return rows.select_for_update(of=("self",)).select_related("enterprise").get()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
