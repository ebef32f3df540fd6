"""From the feed into the partners' sequences: each record once for each partner that may have it, numbered without gaps.

One turn works for all enterprises and opens none of them: the feed is one shared table. With nothing new it is one statement.
"""

from datetime import date

from django.db import connection, transaction
from django.db.models import F

from public.regulators.exchange.models import Partner
from public.regulators.exchange.rules import QUEUE_AT_ONCE

_TAKE = """
DELETE FROM regulators_outgoing WHERE record_id IN (
  SELECT record_id FROM regulators_outgoing ORDER BY record_id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING record_id
"""
# One statement a partner: who may have it, who has it already, and the next numbers in the order of the records. What an enterprise is
# is no history: a partner gets it whenever it was told, or it would know of none that opened before its first day.
_GIVE = """
INSERT INTO regulators_delivery (partner_id, seq, record_id, kind, day, state, code, reason)
SELECT %(partner)s, %(last)s + row_number() OVER (ORDER BY r.id), r.id, r.kind, r.day, 'WAITING', '', ''
FROM regulators_feedrecord r JOIN tenants_enterprise e ON e.schema_name = r.schema_name
WHERE {which} AND starts_with(e.division_code, %(area)s) AND r.kind = ANY(%(kinds)s) AND (r.day >= %(since)s OR r.kind = 'ENTERPRISE')
  AND NOT EXISTS (SELECT 1 FROM regulators_delivery d WHERE d.partner_id = %(partner)s AND d.record_id = r.id)
"""
_BY_IDS, _BY_RANGE, _BY_DAY = "r.id = ANY(%(ids)s)", "r.id > %(after)s AND r.id <= %(upto)s", "r.day = %(day)s"


def enqueue(*, most: int = QUEUE_AT_ONCE) -> int:
    """Give what is new to every partner; return how many records were taken. Safe beside itself: partners are locked in one order.

    Stands on the platform. What no partner may have leaves the queue too; a partner opened later looks back (:func:`look_back`).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [most])
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            for partner in _open_partners():
                _give(partner, _BY_IDS, ids=ids)
    return len(ids)


def look_back(partner_id: int, *, most: int = QUEUE_AT_ONCE) -> bool:
    """Give a new partner some more of the records that were there before it; return whether older ones are left to look at."""
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        if partner.state == Partner.State.CLOSED or partner.filled_to >= partner.fill_until:
            return False
        upto = min(partner.filled_to + most, partner.fill_until)
        _give(partner, _BY_RANGE, after=partner.filled_to, upto=upto)
        Partner.objects.filter(pk=partner_id).update(filled_to=upto)
    return upto < partner.fill_until


@transaction.atomic
def fill_day(partner_id: int, day: date) -> int:
    """Number the records of one day that a partner should have and were never given it; return how many there were."""
    return _give(Partner.objects.select_for_update().get(pk=partner_id), _BY_DAY, day=day)


def _open_partners() -> list[Partner]:
    rows = Partner.objects.select_for_update().exclude(state=Partner.State.CLOSED).order_by("pk")
    return list(rows)


def _give(partner: Partner, which: str, **values: int | list[int] | date) -> int:
    """Number what ``which`` finds for a locked partner; return how many records that was."""
    known = {"partner": partner.pk, "last": partner.last_seq, "area": partner.division_prefix, "kinds": partner.kinds}
    since = max(partner.since, partner.held_from or partner.since)  # what was thinned is not given anew
    with connection.cursor() as cursor:
        cursor.execute(_GIVE.format(which=which), {**known, "since": since, **values})
        given = int(cursor.rowcount)
    if given:
        Partner.objects.filter(pk=partner.pk).update(last_seq=F("last_seq") + given)
        partner.last_seq += given
    return given
