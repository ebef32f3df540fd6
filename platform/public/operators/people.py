"""Reads about the platform's people for the three administrators."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from infra.kit.labels import Label
from public.audit import api as audit
from public.operators.models import Operator, OperatorChange

PER_PAGE = 20
_SORTS = {"name": "credential__name", "-name": "-credential__name", "role": "role", "made": "credential__created_at"}
_STATE_TONES = {"OPEN": "attention", "APPROVED": "proven", "REFUSED": "stop", "WITHDRAWN": "neutral", "LAPSED": "neutral"}


def listing(*, search: str = "", role: str = "", state: str = "", sort: str = "") -> QuerySet[Operator]:
    """Return accounts that fit every filter (all optional), by role and name unless sorted; ``keys`` counts passkeys."""
    rows = Operator.objects.select_related("credential", "credential__second_factor")
    for word in search.split()[:5]:
        rows = rows.filter(credential__name__icontains=word)
    if role in Operator.Role.values:
        rows = rows.filter(role=role)
    if state in {"active", "blocked"}:
        rows = rows.filter(credential__is_active=state == "active")
    if state == "waiting":
        rows = rows.filter(credential__is_active=True, credential__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return rows.annotate(keys=Count("credential__passkeys")).order_by(_SORTS.get(sort, "role"), "credential__name", "id")


def page(rows: QuerySet[Any], number: str) -> Page[Any]:
    """Return one page."""
    return Paginator(rows, PER_PAGE).get_page(number)


def thin_offices() -> list[str]:
    """Return the offices that ask and decide with fewer than two people who can sign in: changes about the only one are decided by nobody."""
    pair = (Operator.Role.SYSTEM, Operator.Role.SECURITY)
    found = dict(Operator.objects.filter(role__in=pair, credential__is_active=True).values_list("role").annotate(Count("id")))
    return [str(role.label) for role in pair if found.get(role, 0) < 2]


def changes(*, state: str = "", kind: str = "", search: str = "") -> QuerySet[OperatorChange]:
    """Return changes that fit every filter, newest first; those that wait unless a state (or ``ALL``) is named."""
    rows = OperatorChange.objects.select_related("subject__credential", "asked_by__credential", "decided_by__credential")
    if state in OperatorChange.State.values:
        rows = rows.filter(state=state)
    elif state != "ALL":
        rows = rows.filter(state=OperatorChange.State.OPEN)
    if kind in OperatorChange.Kind.values:
        rows = rows.filter(kind=kind)
    for word in search.split()[:5]:
        rows = rows.filter(
            Q(subject__credential__name__icontains=word) | Q(wanted__name__icontains=word) | Q(reason__icontains=word)
        )
    return rows.order_by("-asked_at", "-id")


def waiting(role: str) -> int:
    """Return how many changes wait for a decision of this office."""
    rows = OperatorChange.objects.filter(state=OperatorChange.State.OPEN, asked_role__in=["SYSTEM", "SECURITY"])
    return rows.exclude(asked_role=role).count()


def whom(row: OperatorChange) -> str:
    """Return whom or what a change is about, in words."""
    if row.subject is not None:
        return row.subject.credential.name
    if row.kind == OperatorChange.Kind.OPEN:
        return str(row.wanted.get("name", ""))
    return _("全体管理员") if row.kind == OperatorChange.Kind.NETWORKS else _role(row.wanted.get("role", ""))


def _role(value: str) -> str:
    return str(Operator.Role(value).label) if value in Operator.Role.values else value


def wanted(row: OperatorChange) -> list[str]:
    """Return what is wanted, one line for each thing, in words."""
    if row.kind in {OperatorChange.Kind.OPEN, OperatorChange.Kind.ROLE}:
        return [_role(row.wanted["role"])]
    if row.kind == OperatorChange.Kind.NETWORKS:
        return list(row.wanted["networks"]) or [_("不限制地址")]
    if row.kind == OperatorChange.Kind.CLEARANCE:
        return [Label.parse(row.wanted["label"]).words]
    return [str(row.get_kind_display())]


def tone(row: OperatorChange) -> str:
    """Return the tone of a change's badge."""
    return _STATE_TONES[row.state]


def names(references: Iterable[str]) -> dict[str, str]:
    """Return the names behind ``operator:3`` and, in the platform's own log, ``credential:3``: one query.

    Managers and learners stay references: their names are the enterprises', whose credentials count anew from 1.
    """
    ids = {int(rest) for kind, _colon, rest in (ref.partition(":") for ref in references) if kind in _OURS and rest.isdecimal()}
    rows = Operator.objects.filter(credential_id__in=ids).values_list("credential_id", "credential__name")
    return {f"{kind}:{pk}": name for pk, name in rows for kind in _OURS}


def references(name: str) -> tuple[str, ...]:
    """Return the references of everybody here whose name holds a text; none where nobody is called so."""
    found = Operator.objects.filter(credential__name__icontains=name).values_list("credential_id", flat=True)[:50]
    return tuple(f"{kind}:{pk}" for pk in found for kind in _OURS)


_OURS = ("operator", "credential")


@dataclass(frozen=True, slots=True)
class Done:
    """One line of an account's history."""

    at: datetime
    title: str
    text: str
    tone: str


def _about(row: Operator) -> Q:
    opened = Q(kind=OperatorChange.Kind.OPEN, state=OperatorChange.State.APPROVED, wanted__person_key=row.person_key)
    return Q(subject=row) | opened if row.person_key else Q(subject=row)


def history(row: Operator) -> list[Done]:
    """Return what was changed about an account, newest first."""
    done = [
        Done(
            change.decided_at or change.asked_at,
            f"{change.get_kind_display()} · {change.get_state_display()}",
            change.reason,
            tone(change),
        )
        for change in OperatorChange.objects.filter(_about(row)).order_by("-asked_at")[:50]
    ]
    blocks = [
        Done(event.at, _("已停用"), str(event.details.get("reason", "")), "stop")
        for event in audit.history(f"operator:{row.credential_id}")
        if event.action == "operators.blocked"
    ]
    return sorted([*done, *blocks], key=lambda one: one.at, reverse=True)
