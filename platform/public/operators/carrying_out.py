"""What an approved change does, and what the log says of it: from what to what."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators import policies
from public.operators.models import ADMINISTRATORS, Operator, OperatorChange, OperatorMail, Passkey, SecondFactor
from tenants.accounts.models import Credential

Kind = OperatorChange.Kind
Side = dict[str, Any]


def shown(wanted: Mapping[str, Any]) -> Side:
    """Return what is wanted without the indexes of login and identity number."""
    return {key: value for key, value in wanted.items() if not key.endswith("_key")}


def sides(row: OperatorChange) -> tuple[Side | None, Side]:
    """Return what is now and what a change would make of it; asked before it is decided. Nothing is before an account is opened."""
    if row.kind == Kind.NETWORKS:
        return {"networks": policies.chosen_networks()}, shown(row.wanted)
    if row.kind == Kind.CLEARANCE:
        role = str(row.wanted["role"])
        return {"role": role, "label": policies.clearance(role).code}, shown(row.wanted)
    if row.subject is None:
        return None, shown(row.wanted)
    if row.kind == Kind.ROLE:
        return {"role": row.subject.role}, shown(row.wanted)
    active = row.subject.credential.is_active
    return {"is_active": active}, {"is_active": {Kind.BLOCK: False, Kind.UNBLOCK: True}.get(Kind(row.kind), active)}


def do(row: OperatorChange) -> None:
    """Carry out an approved change. A policy needs nothing: the newest approved change is the policy.

    :raises DomainError: 409 ``login_taken``, ``last_of_office``
    """
    if row.kind == Kind.OPEN:
        _open(row)
    if row.kind in {Kind.OPEN, Kind.NETWORKS, Kind.CLEARANCE} or row.subject is None:
        return
    person = _locked(row.subject)
    if row.kind == Kind.ROLE:
        _is_not_last(person)
        person.role, person.change = row.wanted["role"], row
        person.save(update_fields=["role", "change"])
    elif row.kind == Kind.RESET:
        person.credential.set_unusable_password()
        person.credential.save(update_fields=["password"])
        SecondFactor.objects.filter(credential_id=person.credential_id).delete()
        Passkey.objects.filter(credential_id=person.credential_id).delete()
        OperatorMail.objects.filter(credential_id=person.credential_id).delete()
    else:
        if row.kind == Kind.BLOCK:
            _is_not_last(person)
            OperatorMail.objects.filter(credential_id=person.credential_id).delete()
        Credential.objects.filter(pk=person.credential_id).update(is_active=row.kind == Kind.UNBLOCK)


def _open(row: OperatorChange) -> None:
    wanted = row.wanted
    credential = Credential(login_key=wanted["login_key"], name=wanted["name"])
    credential.set_unusable_password()
    try:
        with transaction.atomic():
            credential.save(force_insert=True)
            Operator.objects.create(credential=credential, role=wanted["role"], person_key=wanted["person_key"], change=row)
    except IntegrityError as error:
        words = _("登录名或此人在等待期间已有账号，请让申请人撤回后重新提出。")
        raise DomainError("login_taken", words, status=409) from error


def _locked(subject: Operator) -> Operator:
    """Lock an account, an administrator's with the whole office, in one order: two changes do not empty it together."""
    wanted = Q(pk=subject.pk)
    if subject.role in ADMINISTRATORS:
        wanted |= Q(role=subject.role)
    rows = {row.pk: row for row in Operator.objects.select_for_update(no_key=True).filter(wanted).order_by("pk")}
    return rows[subject.pk]


def _is_not_last(person: Operator) -> None:
    others = Operator.objects.filter(role=person.role, credential__is_active=True).exclude(pk=person.pk)
    if person.role in ADMINISTRATORS and not others.exists():
        words = _("这是该管理员岗位的最后一人，不能变更或停用。请先开设另一位。")
        raise DomainError("last_of_office", words, status=409)
