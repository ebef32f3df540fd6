"""Parcels: taking what waits, and writing it down as a document for its receiver."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from infra.kit import clock
from infra.kit.exchange import documents
from infra.kit.exchange.suites import Keys
from public.regulators.exchange.models import Delivery, Parcel, Partner
from tenants.models import Enterprise

State = Delivery.State


def next_parcel(partner: Partner, *, at: datetime, most: int = 0) -> Parcel | None:
    """Return the parcel to send next to a locked partner: the oldest that is due again, else a new one of what waits, else None.

    :param most: at most so many records, the partner's own size by default
    """
    due = Parcel.objects.filter(partner=partner, state=Parcel.State.OPEN, next_at__lte=at).order_by("next_at", "pk").first()
    return due or _made(partner, most or partner.parcel_size, at)


def _made(partner: Partner, size: int, at: datetime) -> Parcel | None:
    waiting = list(Delivery.objects.filter(partner=partner, state=State.WAITING).order_by("seq").values_list("pk", "seq")[:size])
    if not waiting:
        return None
    numbers = [seq for _pk, seq in waiting]
    row = Parcel.objects.create(
        partner=partner, first_seq=numbers[0], last_seq=numbers[-1], count=len(numbers), next_at=at, made_at=at
    )
    Delivery.objects.filter(pk__in=[pk for pk, _seq in waiting]).update(state=State.SENT, parcel=row, told_at=at)
    return row


def contents(parcel: Parcel) -> list[Delivery]:
    """Return what is still to be answered of a parcel, with the records, in the order of their numbers."""
    rows = Delivery.objects.filter(parcel=parcel, state=State.SENT).select_related("record").order_by("seq")
    return list(rows)


def document(parcel: Parcel, rows: Sequence[Delivery], *, partner: Partner, keys: Keys, at: datetime) -> dict[str, Any]:
    """Return the document of a parcel (`infra.kit.exchange.documents.parcel`).

    :raises ValueError: the partner's key is none
    """
    companies = enterprises({row.record.schema_name for row in rows})
    return documents.parcel(
        [sent(row, companies) for row in rows],
        keys=keys,
        msg_id=str(parcel.uuid),
        sender=sender(),
        receiver=partner.code,
        at=stamp(at),
        enterprises=[company(row) for row in sorted(companies.values(), key=lambda row: row.pk)],
    )


def enterprises(schemas: set[str]) -> dict[str, Enterprise]:
    """Return schema -> enterprise, in one query."""
    found: QuerySet[Enterprise] = Enterprise.objects.filter(schema_name__in=schemas)
    return {row.schema_name: row for row in found}


def sent(row: Delivery, companies: dict[str, Enterprise]) -> documents.Sent:
    """Return one delivery as the document's record."""
    record = row.record
    body = record.body if isinstance(record.body, dict) else {}
    whose = str(companies[record.schema_name].uuid)
    return documents.Sent(row.seq, str(record.uuid), record.kind, whose, str(record.subject), stamp(record.at), body)


def company(row: Enterprise) -> dict[str, str]:
    """Return what is told of an enterprise."""
    return {
        "id": str(row.uuid),
        "name": row.name,
        "uscc": row.uscc,
        "divisionCode": row.division_code,
        "industryCode": row.industry_code,
        "hazard": row.hazard,
    }


def sender() -> str:
    """Return the name under which we send: the platform's host."""
    return str(settings.PLATFORM_HOST)


def stamp(at: datetime) -> str:
    """Return a moment as documents write it: Zhejiang's time with its offset, milliseconds."""
    return at.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")
