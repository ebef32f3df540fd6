"""Tell operators something, once each, within the transaction of what happened; and read what they were told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from infra.kit.labels import Label
from public.operators import policies
from public.operators.models import Operator
from public.operators.notices.models import OperatorMail, OperatorNotice

Mail = OperatorNotice.Mail


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says in the language of the moment: ``url`` is a path on the platform's host, ``step`` what to do there."""

    title: str
    text: str
    url: str
    step: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Who speaks: ``words`` makes words of the facts, ``is_due`` says before a mail leaves whether it is still so."""

    words: Callable[[Mapping[str, Any]], Words]
    is_due: Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling people of one thing."""

    at: datetime
    people: int
    mailed: int
    waiting: int
    failed: int


_kinds: dict[str, Kind] = {}


def register(kind: str, spoken: Kind) -> None:
    """Let a room speak to operators. Called in ``ready()``."""
    _kinds[kind] = spoken


def spoken(row: OperatorNotice) -> Kind:
    """Return who can put a notice in words.

    :raises KeyError: the room that wrote it does not speak any more
    """
    return _kinds[row.kind]


def tell(*, role: str, label: Label, kind: str, about: str, facts: Mapping[str, Any], at: datetime) -> int:
    """Tell everybody who holds a role, can sign in and may read ``label``; part of the caller's transaction.

    :param about: of what, unique: nobody is told of the same thing twice
    :returns: how many were told now
    """
    if not policies.clearance(role).dominates(label):
        return 0
    people = Operator.objects.filter(role=role, credential__is_active=True).values_list("credential_id", flat=True)
    known = set(OperatorNotice.objects.filter(about=about).values_list("credential_id", flat=True))
    rows = [
        OperatorNotice(credential_id=one, kind=kind, about=about, facts=dict(facts), at=at) for one in people if one not in known
    ]
    OperatorNotice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def notices_of(credential_id: int) -> QuerySet[OperatorNotice]:
    """Return what somebody was told and there are words for, newest first."""
    return OperatorNotice.objects.filter(credential_id=credential_id, kind__in=list(_kinds)).order_by("-at", "-id")


def unseen(credential_id: int) -> int:
    """Return how many notices somebody has not looked at."""
    return notices_of(credential_id).filter(seen_at=None).count()


def see(rows: Iterable[OperatorNotice], *, at: datetime) -> None:
    """Note that their reader has them before the eyes; the first time counts."""
    OperatorNotice.objects.filter(pk__in=[row.pk for row in rows], seen_at=None).update(seen_at=at)


def told(abouts: Iterable[str]) -> dict[str, Told]:
    """Return what became of each thing that anybody was told of, in one query."""
    rows = OperatorNotice.objects.filter(about__in=list(abouts)).values("about").annotate(
        first=Min("at"), people=Count("id"), mailed=Count("id", filter=Q(mail=Mail.SENT)),
        waiting=Count("id", filter=Q(mail=Mail.WAITING)), failed=Count("id", filter=Q(mail=Mail.FAILED)),
    )  # fmt: skip
    return {row["about"]: Told(row["first"], row["people"], row["mailed"], row["waiting"], row["failed"]) for row in rows}


def reachable(role: str) -> tuple[int, int]:
    """Return how many people of a role can sign in, and how many of them left an address."""
    people = Operator.objects.filter(role=role, credential__is_active=True)
    return people.count(), OperatorMail.objects.filter(credential__in=people.values("credential")).count()
