"""Settled deliveries go when their months are over; the day's file with its sums and digests stays (period ``EXCHANGE`` of `public.retention`).

What was not accepted stays on the desk however old it is, and so does what the partner knows of enterprises: that is no history.
"""

from datetime import date, datetime

from django.db import connection, transaction

from infra.kit import clock
from public.audit import api as audit
from public.regulators.exchange.models import Partner
from public.retention import api as retention

AT_ONCE = 10_000

_DELIVERIES = """
DELETE FROM regulators_delivery WHERE id IN (
  SELECT d.id FROM regulators_delivery d
  JOIN regulators_dayfile f ON f.partner_id = d.partner_id AND f.day = d.day AND f.state <> 'MADE'
  WHERE d.partner_id = %s AND d.day < %s AND d.state = 'ACCEPTED' AND d.kind <> 'ENTERPRISE' LIMIT %s
)
"""
# What is left of a parcel lies between its own numbers, so the numbers' index answers.
_PARCELS = """
DELETE FROM regulators_parcel p WHERE p.partner_id = %s AND p.state = 'DONE' AND p.done_at < %s AND NOT EXISTS (
  SELECT 1 FROM regulators_delivery d
  WHERE d.partner_id = p.partner_id AND d.seq BETWEEN p.first_seq AND p.last_seq AND d.parcel_id = p.id
)
"""


def first_kept(today: date) -> date | None:
    """Return the first day whose deliveries are still at hand; None where no period holds, so that nothing goes."""
    term = retention.terms(today).get(retention.What.EXCHANGE)
    if term is None or term.total is None:
        return None
    year, month = divmod(today.year * 12 + today.month - 1 - term.total, 12)
    return date(year, month + 1, 1)


def thin(*, at: datetime) -> int:
    """Delete what is past its months and settled; return how many deliveries. May be cut off anywhere and repeated."""
    day = first_kept(clock.shanghai_date(at))
    if day is None:
        return 0
    return sum(_thin(pk, day, at) for pk in list(Partner.objects.order_by("pk").values_list("pk", flat=True)))


def _thin(partner_id: int, day: date, at: datetime) -> int:
    _hold_from(partner_id, day)
    gone = 0
    while some := _delete(_DELIVERIES, [partner_id, day, AT_ONCE]):
        gone += some
    if gone:
        parcels = _delete(_PARCELS, [partner_id, clock.shanghai_midnight(day)])
        uuid = Partner.objects.values_list("uuid", flat=True).get(pk=partner_id)
        target = f"partner:{uuid}"
        audit.record("exchange.thinned", actor="platform", target=target, at=at, until=str(day), records=gone, parcels=parcels)
    return gone


@transaction.atomic
def _hold_from(partner_id: int, day: date) -> None:
    """First, under the partner's lock: nothing that is thinned may be numbered anew (`queueing`)."""
    row = Partner.objects.select_for_update().get(pk=partner_id)
    if row.held_from is None or row.held_from < day:
        row.held_from = day
        row.save(update_fields=["held_from"])


@transaction.atomic
def _delete(sql: str, values: list[int | date | datetime]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
