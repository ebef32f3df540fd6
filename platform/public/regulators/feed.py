"""One day of one jurisdiction: what the authority sees on its page and pulls through its key (clause 七.1, 七.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from infra.kit import canonical, clock, identity
from public.regulators import summaries
from public.regulators.models import FeedRecord
from public.regulators.signing import feed_signer
from tenants import divisions
from tenants.models import Enterprise

PER_PAGE, MOST = 50, 1000
VERSION = "1"
_TRAINED = (FeedRecord.Kind.SESSION, FeedRecord.Kind.EXAM, FeedRecord.Kind.CERTIFICATE)
"""Kinds that are about somebody who trained; others are about enterprises and complaints, or about who was only registered."""
_SETTLED = timedelta(minutes=5)
"""After midnight by this much no transaction of the day can still be on its way."""


@dataclass(frozen=True, slots=True)
class Day:
    """Figures of one day."""

    enterprises: int
    people: int
    by_kind: list[tuple[str, Any, int]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One record with its enterprise in words; ``name`` is that of the person it is about, masked, where it is known."""

    record: FeedRecord
    enterprise: str
    division: str
    name: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One signed answer: the exact bytes that were signed, the signature (base64) and the key's id, and how many records are in it."""

    body: bytes
    signature: str
    key_id: str
    count: int


def enterprises_in(prefix: str) -> QuerySet[Enterprise]:
    """Return the enterprises of a jurisdiction."""
    found: QuerySet[Enterprise] = Enterprise.objects.filter(division_code__startswith=prefix)
    return found


def _records(prefix: str, day: date) -> QuerySet[FeedRecord]:
    return FeedRecord.objects.filter(day=day, schema_name__in=enterprises_in(prefix).values("schema_name"))


def figures(*, prefix: str, day: date) -> Day:
    """Return the day's figures of a jurisdiction."""
    rows = _records(prefix, day)
    counted = dict(rows.values_list("kind").annotate(n=Count("id")))
    by_kind = [(kind.value, kind.label, counted.get(kind.value, 0)) for kind in FeedRecord.Kind]
    people = rows.filter(kind__in=_TRAINED).aggregate(n=Count("subject", distinct=True))["n"]
    return Day(enterprises_in(prefix).count(), people, by_kind)


def page(*, prefix: str, day: date, kind: str = "", search: str = "", number: str = "1") -> tuple[Page[FeedRecord], list[Entry]]:
    """Return one page of the day's records, newest first, and the same with names."""
    rows = _records(prefix, day)
    if kind in FeedRecord.Kind.values:
        rows = rows.filter(kind=kind)
    if words := search.replace("\0", "").strip():  # PostgreSQL has no NUL in text
        found = enterprises_in(prefix).filter(name__icontains=words)
        rows = rows.filter(schema_name__in=found.values("schema_name"))
    chosen = Paginator(rows.order_by("-id"), PER_PAGE).get_page(number)
    known, names = _by_schema(row.schema_name for row in chosen), _names(row.subject for row in chosen)
    return chosen, [_entry(row, known[row.schema_name], names.get((row.schema_name, row.subject), "")) for row in chosen]


def _entry(row: FeedRecord, enterprise: Enterprise, name: str) -> Entry:
    return Entry(row, enterprise.name, divisions.full_name(enterprise.division_code), name)


def told(rows: Sequence[FeedRecord]) -> list[str]:
    """Return what records say, each in one line with the masked name of its person; one query."""
    names = _names(row.subject for row in rows)
    return [summaries.summary(row, name=names.get((row.schema_name, row.subject), "")) for row in rows]


def _names(subjects: Iterable[UUID]) -> dict[tuple[str, UUID], str]:
    """Find the masked names under which the enterprises announced these people last (kind ``LEARNER``)."""
    rows = FeedRecord.objects.filter(kind=FeedRecord.Kind.LEARNER, subject__in=set(subjects)).order_by("id")
    told = rows.values_list("schema_name", "subject", "body__name")
    return {(schema, subject): identity.mask_name(str(name)) for schema, subject, name in told if name}


def parcel(*, prefix: str, day: date, after: int, limit: int, at: datetime) -> Parcel:
    """Return up to ``limit`` records of ``day`` behind id ``after``, in order, as signed canonical JSON (RFC 8785).

    ``next`` is the ``after`` of the following call, null at the end. ``complete`` is false while records of the day can
    still arrive: pull such a day again from the start.
    """
    rows = list(_records(prefix, day).filter(pk__gt=after).order_by("pk")[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    known = _by_schema(row.schema_name for row in rows)
    body = canonical.encode(
        {
            "version": VERSION,
            "day": day.isoformat(),
            "division_prefix": prefix,
            "complete": at >= clock.shanghai_day(day)[1] + _SETTLED,
            "enterprises": [_enterprise(row) for row in sorted(known.values(), key=lambda row: row.pk)],
            "records": [_record(row, known[row.schema_name]) for row in rows],
            "next": rows[-1].pk if more else None,
        }
    )
    signer = feed_signer()
    return Parcel(body, signer.sign(body), signer.key_id, len(rows))


def _by_schema(schemas: Any) -> dict[str, Enterprise]:
    return {row.schema_name: row for row in Enterprise.objects.filter(schema_name__in=set(schemas))}


def _enterprise(row: Enterprise) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "name": row.name,
        "uscc": row.uscc,
        "division_code": row.division_code,
        "industry_code": row.industry_code,
        "hazard": row.hazard,
    }


def _record(row: FeedRecord, enterprise: Enterprise) -> dict[str, Any]:
    return {
        "id": row.pk,
        "uuid": str(row.uuid),
        "kind": row.kind,
        "enterprise": str(enterprise.uuid),
        "subject": str(row.subject),
        "at": row.at.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds"),
        "body": row.body,
    }
