"""Changes of rights: one administrator asks, one of another office decides, what was approved is done in the same transaction.

System administrators ask about accounts, security administrators about policy; each decides what the other asked (GB/T 22239-2019 8.1.5.1,
8.1.5.3). Nobody asks or decides about the own account. The database keeps the same rules (migrations 0002 and 0003).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infra.kit import identity
from infra.kit.errors import DomainError
from infra.kit.labels import Label
from public.audit import api as audit
from public.operators import carrying_out, policies
from public.operators.desk import Me, Role
from public.operators.models import ADMINISTRATORS, Operator, OperatorChange, OperatorMail
from tenants import keys
from tenants.accounts.models import Credential, login_key

Kind, State = OperatorChange.Kind, OperatorChange.State
LIFE, STALE = timedelta(days=7), timedelta(days=90)
ASKS: dict[str, frozenset[str]] = {
    Role.SYSTEM: frozenset({Kind.OPEN, Kind.ROLE, Kind.BLOCK, Kind.UNBLOCK, Kind.RESET}),
    Role.SECURITY: frozenset({Kind.NETWORKS, Kind.CLEARANCE, Kind.BLOCK}),
}
"""Which office asks for what."""
OTHER = {Role.SYSTEM: Role.SECURITY, Role.SECURITY: Role.SYSTEM}


def person_key(identity_number: str, *, at: datetime) -> str:
    """Return the blind index by which one person is known among the platform's people.

    :raises DomainError: 422 ``bad_identity``
    """
    from infra.kit import clock

    plain = identity.normalise_resident_id(identity_number)
    if not identity.is_resident_id(plain, on=clock.shanghai_date(at)):
        raise DomainError("bad_identity", _("身份证号不正确，请对照证件核对。"), status=422, field="identity")
    return keys.index(plain, purpose="operator person")


def operator(credential_id: int) -> Operator:
    """Return the account behind a credential.

    :raises DomainError: 404 ``not_found``
    """
    row = Operator.objects.select_related("credential").filter(credential_id=credential_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个账号。"), status=404)
    return row


def one(uuid: UUID) -> OperatorChange:
    """Return a change.

    :raises DomainError: 404 ``not_found``
    """
    rows = OperatorChange.objects.select_related("subject__credential", "asked_by__credential", "decided_by__credential")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这项申请。"), status=404)
    return row


def ask_open(
    *, login: str, name: str, role: str, identity_number: str, reason: str, me: Me, at: datetime, ip: str
) -> OperatorChange:
    """Ask for a new account. The login and the identity number are kept as blind indexes only.

    :raises DomainError: 409 ``login_taken``, ``person_known``; 422 ``bad_identity``; see :func:`ask`
    """
    wanted = {
        "login_key": login_key(login),
        "name": identity.normalise_name(name),
        "role": str(Role(role)),
        "person_key": person_key(identity_number, at=at),
    }
    if Credential.objects.filter(login_key=wanted["login_key"]).exists():
        raise DomainError("login_taken", _("该登录名已存在，请换一个。"), status=409, field="login")
    if Operator.objects.filter(person_key=wanted["person_key"]).exists():
        raise DomainError(
            "person_known", _("此人已有平台账号。一人只能有一个岗位，请改用“变更岗位”。"), status=409, field="identity"
        )
    return ask(kind=Kind.OPEN, subject=None, wanted=wanted, reason=reason, me=me, at=at, ip=ip)


@transaction.atomic
def ask(
    *, kind: str, subject: int | None, wanted: Mapping[str, Any], reason: str, me: Me, at: datetime, ip: str
) -> OperatorChange:
    """Ask for a change; it waits seven days for the other office.

    :param subject: credential of the account concerned, None where there is none (OPEN and policies)
    :raises DomainError: 403 ``change_office``, ``change_self``; 404 ``not_found``; 409 ``change_open``, ``change_nothing``; 422 of a bad policy
    """
    if kind not in ASKS.get(me.role, frozenset()):
        raise DomainError("change_office", _("这项变更不由您的岗位提出，请联系对应的管理员。"), status=403)
    row = operator(subject) if subject is not None else None
    if row is not None and row.credential_id == me.credential_id:
        raise DomainError("change_self", _("不能为自己申请变更，请由另一位同岗位管理员提出。"), status=403)
    checked = _checked(kind, row, dict(wanted), ip)
    OperatorChange.objects.filter(subject=row, kind=kind, state=State.OPEN, expires_at__lte=at).update(state=State.LAPSED)
    try:
        with transaction.atomic():
            made = OperatorChange.objects.create(
                kind=kind,
                subject=row,
                wanted=checked,
                reason=reason,
                asked_by=operator(me.credential_id),
                asked_role=me.role,
                asked_at=at,
                expires_at=at + LIFE,
            )
    except IntegrityError as error:
        raise DomainError("change_open", _("这个账号已有一项同类申请在等待审批。"), status=409) from error
    audit.record("operators.change_asked", actor=me.reference, target=f"change:{made.uuid}", at=at, ip=ip, kind=kind, reason=reason,
                 subject=_reference(row), after=carrying_out.shown(checked))  # fmt: skip
    return made


def _checked(kind: str, row: Operator | None, wanted: dict[str, Any], ip: str) -> dict[str, Any]:
    """Return what is wanted in its usual form, refusing what would change nothing or shut the asker out."""
    if kind == Kind.NETWORKS:
        return {"networks": admitting(wanted["networks"], ip)}
    if kind == Kind.CLEARANCE:
        role = str(Role(wanted["role"]))
        return {"role": role, "label": policies.cleared(role, Label.parse(wanted["label"])).code}
    if kind == Kind.OPEN:
        return wanted
    if row is None:
        raise DomainError("not_found", _("没有找到这个账号。"), status=404)
    if kind == Kind.ROLE:
        if wanted["role"] == row.role:
            raise DomainError("change_nothing", _("此人现在就是这个岗位。"), status=409, field="role")
        if wanted["role"] in ADMINISTRATORS and row.person_key is None:
            raise DomainError(
                "person_unknown", _("此账号没有登记身份证号，不能担任管理员。请为其另开账号。"), status=409, field="role"
            )
        return {"role": str(Role(wanted["role"]))}
    if row.credential.is_active == (kind == Kind.UNBLOCK):
        raise DomainError("change_nothing", _("账号状态没有变化，可能同事刚刚操作过，请刷新页面。"), status=409)
    return {}


def admitting(lines: list[str], ip: str) -> list[str]:
    """Return the networks in their usual form.

    :raises DomainError: 422 ``bad_network``, ``too_many_networks``, ``shuts_out``: the address of whoever is at it would not be admitted
    """
    networks = [str(network) for network in policies.parsed(lines)]
    if not policies.admits(ip, networks):
        words = _("您现在的地址 %(ip)s 不在名单里，批准后您将无法登录。请先加上它。")
        raise DomainError("shuts_out", words % {"ip": ip}, status=422, field="networks")
    return networks


@transaction.atomic
def decide(*, uuid: UUID, approve: bool, reason: str, me: Me, at: datetime, ip: str) -> OperatorChange:
    """Decide a change of the other office; what is approved is done at once.

    :raises DomainError: 403 ``change_office``, ``change_self``; 404; 409 ``change_decided``, ``change_lapsed``, ``login_taken``, ``last_of_office``
    """
    row = OperatorChange.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=one(uuid).pk)
    _may_decide(row, me)
    if row.state == State.OPEN and row.expires_at <= at:
        raise DomainError("change_lapsed", _("这项申请已过期，请让申请人重新提出。"), status=409)
    if row.state != State.OPEN:
        raise DomainError("change_decided", _("这项申请已有结果，请刷新页面。"), status=409)
    if approve and row.kind == Kind.NETWORKS:
        admitting(row.wanted["networks"], ip)
    before, after = carrying_out.sides(row)
    row.state = State.APPROVED if approve else State.REFUSED
    row.decided_by, row.decided_role, row.decided_at, row.decided_reason = operator(me.credential_id), me.role, at, reason
    row.save(update_fields=["state", "decided_by", "decided_role", "decided_at", "decided_reason"])
    told: dict[str, Any] = {"actor": me.reference, "target": f"change:{row.uuid}", "at": at, "ip": ip, "kind": row.kind, "reason": reason,
            "subject": _reference(row.subject)}  # fmt: skip
    if approve:
        carrying_out.do(row)
        audit.record("operators.change_approved", **told, before=before, after=after)
    else:
        audit.record("operators.change_refused", **told, wanted=after)
    return row


def _may_decide(row: OperatorChange, me: Me) -> None:
    if OTHER.get(Role(me.role)) != row.asked_role:
        raise DomainError("change_office", _("这项申请由另一岗位的管理员审批。"), status=403)
    if row.asked_by.credential_id == me.credential_id:  # who asked may hold the other office by now
        raise DomainError("change_self", _("不能审批自己提出的申请，请由另一位同岗位管理员审批。"), status=403)
    if row.subject is not None and row.subject.credential_id == me.credential_id:
        raise DomainError("change_self", _("这项申请与您本人有关，请由另一位同岗位管理员审批。"), status=403)


@transaction.atomic
def withdraw(*, uuid: UUID, me: Me, at: datetime, ip: str) -> None:
    """Take back a change that one asked for and nobody has decided.

    :raises DomainError: 403 ``change_self``: somebody else asked; 404; 409 ``change_decided``
    """
    row = one(uuid)
    if row.asked_by.credential_id != me.credential_id:
        raise DomainError("change_office", _("只有申请人可以撤回。"), status=403)
    if not OperatorChange.objects.filter(pk=row.pk, state=State.OPEN).update(state=State.WITHDRAWN):
        raise DomainError("change_decided", _("这项申请已有结果，请刷新页面。"), status=409)
    audit.record("operators.change_withdrawn", actor=me.reference, target=f"change:{row.uuid}", at=at, ip=ip, kind=row.kind)


@transaction.atomic
def block(*, credential_id: int, reason: str, me: Me, at: datetime, ip: str) -> None:
    """Shut an operator out at once, alone: it takes rights away and is undone by two. An administrator is blocked only by two.

    :raises DomainError: 403 ``change_office``; 404; 409 ``change_by_two``, ``change_nothing``
    """
    if me.role not in OTHER:
        raise DomainError("change_office", _("停用账号由系统管理员或安全保密管理员操作。"), status=403)
    row = operator(credential_id)
    if row.role in ADMINISTRATORS:
        raise DomainError("change_by_two", _("停用管理员需要两人：请提出申请，由另一岗位的管理员批准。"), status=409)
    if not Credential.objects.filter(pk=credential_id, is_active=True).update(is_active=False):
        raise DomainError("change_nothing", _("账号状态没有变化，可能同事刚刚操作过，请刷新页面。"), status=409)
    OperatorMail.objects.filter(credential_id=credential_id).delete()
    audit.record("operators.blocked", actor=me.reference, target=f"operator:{credential_id}", at=at, ip=ip, reason=reason)


def block_stale(*, at: datetime) -> int:
    """Block operators who have not signed in for 90 days (GB/T 22239-2019 8.1.4.2 c); return how many. Administrators are blocked by two only."""
    long_ago = at - STALE
    rows = Operator.objects.exclude(role__in=ADMINISTRATORS).filter(credential__is_active=True)
    rows = rows.filter(
        Q(credential__last_login__lt=long_ago) | Q(credential__last_login=None, credential__created_at__lt=long_ago)
    )
    done = 0
    for credential_id in rows.values_list("credential_id", flat=True):
        with transaction.atomic():
            if Credential.objects.filter(pk=credential_id, is_active=True).update(is_active=False):
                OperatorMail.objects.filter(credential_id=credential_id).delete()
                audit.record(
                    "operators.blocked", actor="system", target=f"operator:{credential_id}", at=at, reason="90 days unused"
                )
                done += 1
    return done


def lapse(*, at: datetime) -> int:
    """End what nobody decided in time; return how many."""
    return OperatorChange.objects.filter(state=State.OPEN, expires_at__lte=at).update(state=State.LAPSED)


def _reference(row: Operator | None) -> str:
    return f"operator:{row.credential_id}" if row else ""
