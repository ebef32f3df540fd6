"""From the feed into the partners' sequences: nobody is left out, nobody gets a neighbour's, nothing twice."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from public.regulators import api as regulators
from public.regulators.exchange import partners, queueing
from public.regulators.exchange.models import Delivery, Outgoing
from public.regulators.models import FeedRecord
from tenants.scope import enterprise_scope, platform_scope
from tests.public.regulators.exchange.ground import AT, ME, later, open_partner, states, submit

pytestmark = [pytest.mark.req("R7.1"), pytest.mark.req("R7.2")]


def drain() -> None:
    while queueing.enqueue():
        pass


def test_each_partner_gets_its_own_area_and_kinds_in_one_sequence_without_gaps(platform, jia, yi):
    city, province = open_partner(), open_partner(code="ZJ-AQPX", division_prefix="33")
    exams = open_partner(code="NB-AQPX", division_prefix="3302", kinds=["EXAM"])
    for site in (jia, yi, jia):
        submit(site, n=2)
        submit(site, kind="EXAM")
    drain()
    assert [row.seq for row in Delivery.objects.filter(partner=city).order_by("record_id")] == list(range(1, 7))
    assert {row.record.schema_name for row in Delivery.objects.filter(partner=city).select_related("record")} == {jia.schema_name}
    assert Delivery.objects.filter(partner=province).count() == 9
    assert list(Delivery.objects.filter(partner=exams).values_list("kind", "seq")) == [("EXAM", 1)]


def test_a_record_is_numbered_once_however_often_it_is_looked_at(platform, jia):
    row = open_partner()
    submit(jia, n=3)
    drain()
    record = FeedRecord.objects.order_by("-pk").first()
    Outgoing.objects.create(record_id=record.pk)
    drain()
    queueing.fill_day(row.pk, AT.date())
    row.refresh_from_db()
    assert (states(row), row.last_seq) == ({"WAITING": 3}, 3)


def test_nothing_waits_when_the_transaction_that_made_a_record_fails(platform, jia):
    before = Outgoing.objects.count()
    with transaction.atomic():
        submit(jia)
        assert Outgoing.objects.count() == before + 1
        transaction.set_rollback(True)
    assert Outgoing.objects.count() == before


def test_many_records_at_once_wait_too(platform, jia):
    drain()
    with enterprise_scope(jia):
        regulators.submit_many(kind="LEARNER", bodies=[(uuid.uuid4(), {}) for _ in range(1200)], at=AT)
    assert Outgoing.objects.count() == 1200


def test_a_partner_opened_later_gets_what_was_there_before(platform, jia):
    submit(jia, at=later(days=-1))
    submit(jia, n=5)
    drain()
    row = open_partner(at=later(hours=1))
    assert states(row) == {}
    turns = 0
    while queueing.look_back(row.pk, most=FeedRecord.objects.count()):
        turns += 1
        assert turns < 100_000
    assert states(row) == {"WAITING": 5}, "not the day before it begins"
    assert not queueing.look_back(row.pk)


def test_a_paused_partner_loses_nothing_and_a_closed_one_gets_nothing(platform, jia):
    paused, closed = open_partner(), open_partner(code="HZ-OLD")
    partners.set_state(uuid=paused.uuid, state="PAUSED", me=ME, at=AT)
    partners.set_state(uuid=closed.uuid, state="CLOSED", me=ME, at=AT)
    submit(jia)
    drain()
    assert (states(paused), states(closed)) == ({"WAITING": 1}, {})


@pytest.mark.req("R2.6")
def test_enterprises_see_nothing_of_the_exchange(platform, jia):
    open_partner()
    submit(jia)
    with enterprise_scope(jia):
        for table in ("outgoing", "partner", "parcel", "delivery", "dayfile"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM public.regulators_{table}")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM public.regulators_outgoing")
    with platform_scope():
        assert Outgoing.objects.exists()


def test_with_nothing_new_one_statement_is_asked(platform):
    open_partner()
    drain()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert queueing.enqueue() == 0
    assert sum("regulators" in query["sql"] for query in asked) == 1
