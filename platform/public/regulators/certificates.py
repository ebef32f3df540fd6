"""What counts for certificates: the dated rules of their looks and terms, and what became of each after its issue."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from public.regulators.models import CertificateChange, CertificateListing, CertificateRule


class State(StrEnum):
    """What a certificate is worth today; the first that fits counts: revoked, renewed, expired, valid."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    RENEWED = "RENEWED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a certificate is printed and how long it is valid; ``months`` None: for ever."""

    title: str
    design: str
    months: int | None

    def last_day(self, completed_on: date) -> date | None:
        """Return the last day of the term: a training completed on 2026-11-23 is good for twelve months until 2027-11-22."""
        if self.months is None:
            return None
        years, month = divmod(completed_on.month - 1 + self.months, 12)
        year = completed_on.year + years
        ends = calendar.monthrange(year, month + 1)[1]
        if completed_on.day > ends:  # no such day in that month: its last one (民法典 art. 202)
            return date(year, month + 1, ends)
        return date(year, month + 1, completed_on.day) - timedelta(days=1)


PLAIN = Rule("安全生产培训证明", "worker", None)


def rule_for(*, requirement: str, stage: str, on: date) -> Rule:
    """Return what counts for a training on that day: the row of its code before that of its first letters, of its stage before all stages."""
    head = requirement.partition("-")[0]
    rows = CertificateRule.objects.filter(requirement__in={requirement, head, ""}, stage__in={stage, ""}, valid_from__lte=on)
    found = list(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)))
    if not found:
        return PLAIN
    best = max(found, key=lambda row: (len(row.requirement), len(row.stage), row.valid_from))
    return Rule(best.title, best.design, best.months)


def state_of(*, changes: set[str], valid_until: str | None, on: date) -> State:
    """Return the state of a certificate.

    :param changes: kinds of `CertificateChange`
    :param valid_until: last day as ``2027-11-22``, None or "" for ever
    """
    if CertificateChange.Kind.REVOKED in changes:
        return State.REVOKED
    if CertificateChange.Kind.RENEWED in changes:
        return State.RENEWED
    return State.EXPIRED if valid_until and str(valid_until) < on.isoformat() else State.VALID


def changes_of(codes: set[str]) -> dict[str, list[CertificateChange]]:
    """Return code -> what became of the certificate, in one query; standing in an enterprise only its own."""
    found: dict[str, list[CertificateChange]] = {}
    for row in CertificateChange.objects.filter(code__in=codes).order_by("pk"):
        found.setdefault(row.code, []).append(row)
    return found


def all_changes() -> QuerySet[CertificateChange]:
    """Return what became of certificates, standing in an enterprise of its own."""
    return CertificateChange.objects.order_by("pk")


def listings_of(codes: set[str]) -> dict[str, dict[str, Any]]:
    """Return code -> what strangers are shown of the certificate, in one query; standing in an enterprise only its own."""
    return dict(CertificateListing.objects.filter(code__in=codes).values_list("code", "body"))


def listed_count(schema: str) -> int:
    """Return how many certificates of an enterprise strangers can look up, standing on the platform."""
    return CertificateListing.objects.filter(schema_name=schema).count()


def has_change(kind: CertificateChange.Kind, code: str) -> Exists:
    """Return the condition that a certificate was renewed or revoked; ``code``: the outer query's field of its code."""
    rows: QuerySet[CertificateChange] = CertificateChange.objects.filter(code=OuterRef(code), kind=kind)
    return Exists(rows)


def note_revoked(*, code: str, reason: str, entry: str, at: datetime) -> None:
    """Let strangers see that a certificate is revoked; in the transaction that enters it in the ledger.

    :param entry: hash of the entry in hex
    :raises IntegrityError: it is revoked already
    :raises ValueError: an unknown reason
    """
    known = CertificateChange.Reason(reason)
    CertificateChange.objects.create(code=code, kind=CertificateChange.Kind.REVOKED, reason=known, entry=entry, at=at)


def note_corrected(*, code: str, entry: str, at: datetime) -> None:
    """Let strangers see that something a certificate says or rests on was corrected by two; in the transaction that enters it in the ledger.

    :raises IntegrityError: it was told of this entry already
    """
    CertificateChange.objects.create(code=code, kind=CertificateChange.Kind.CORRECTED, entry=entry, at=at)


def note_replaced(*, code: str, other_code: str, other_number: str, entry: str, at: datetime) -> None:
    """Let strangers see which certificate of the same person says rightly what a revoked one said wrongly; in the transaction that enters it.

    :raises IntegrityError: it is replaced already
    """
    kind = CertificateChange.Kind.REPLACED
    said = {"other_code": other_code, "other_number": other_number, "entry": entry, "at": at}
    CertificateChange.objects.create(code=code, kind=kind, **said)


def note_renewed(*, code: str, other_code: str, other_number: str, entry: str, at: datetime) -> None:
    """Let strangers see that a certificate was renewed by another; in the transaction that enters it in the ledger.

    :raises IntegrityError: it is renewed already
    """
    CertificateChange.objects.create(
        code=code,
        kind=CertificateChange.Kind.RENEWED,
        other_code=other_code,
        other_number=other_number,
        entry=entry,
        at=at,
    )
