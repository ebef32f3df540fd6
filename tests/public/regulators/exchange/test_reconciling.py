"""Days: figures, gaps in our own books, files, what the partner lacks."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from infra.kit.errors import DomainError
from infra.kit.exchange import documents, suites
from infra.kit.exchange.suites import Suite
from public.audit.models import AuditEvent
from public.regulators.exchange import queueing, receipts, reconciling, statistics
from public.regulators.exchange.models import DayFile, Delivery, Outgoing
from public.regulators.models import FeedRecord
from tests.public.regulators.exchange.ground import AT, DAY, FOUR, joined, open_partner, pump, states, submit

pytestmark = pytest.mark.req("R7.2")
NIGHT = datetime(2031, 1, 6, 16, 20, tzinfo=UTC)
"""20 minutes past midnight in Zhejiang."""


@pytest.mark.req("R7.1")
def test_the_days_figures_come_from_the_feed_once(platform, jia, yi):
    somebody = uuid.uuid4()
    submit(jia, n=2, subject=somebody)
    submit(jia, subject=somebody, event="proof", effective_ms=5)
    submit(jia, kind="EXAM", passed=True, subject=uuid.uuid4())
    submit(jia, kind="CERTIFICATE", subject=somebody)
    submit(yi, kind="EXAM", passed=False)
    assert statistics.count_day(DAY, at=NIGHT) == 2
    assert statistics.count_day(DAY, at=NIGHT) == 0
    row = FeedRecord.objects.get(kind="DAILY", day=DAY, schema_name=jia.schema_name)
    assert row.body == {
        "day": "2031-01-06",
        "learners": 2,
        "sessions": 2,
        "effective_ms": 120_005,
        "exams": 1,
        "exams_passed": 1,
        "certificates": 1,
        "complaints": 0,
    }
    assert (row.subject, row.day) == (jia.uuid, DAY)


def test_a_day_is_closed_once_it_is_over_and_not_before(platform, jia):
    row = open_partner(kinds=[*FOUR, "DAILY"])
    submit(jia, n=3)
    reconciling.close_days(at=NIGHT - timedelta(minutes=16))
    assert not DayFile.objects.filter(partner=row, day=DAY).exists(), (
        "four minutes past midnight a transaction may still be on its way"
    )
    assert reconciling.close_days(at=NIGHT) >= 1
    assert reconciling.close_days(at=NIGHT) == 0
    file = DayFile.objects.get(partner=row, day=DAY)
    assert (file.count, file.by_kind, file.filled, file.state) == (4, {"DAILY": 1, "SESSION": 3}, 0, "MADE")


def test_records_that_were_never_numbered_are_found_and_sent(platform, jia):
    with joined() as (row, there):
        submit(jia, n=4)
        Outgoing.objects.all().delete()  # whatever may have lost them
        reconciling.close_days(at=NIGHT)
        assert DayFile.objects.get(partner=row, day=DAY).filled == 4
        pump(row, at=NIGHT)
    assert states(row) == {"ACCEPTED": 4}
    assert len(there.kept) == 4


def test_an_even_day_is_told_so_and_the_partner_can_check_it(platform, jia):
    with joined() as (row, there):
        submit(jia, n=3)
        pump(row)
        reconciling.close_days(at=NIGHT)
        assert reconciling.send_days(at=NIGHT) == 1
    file = DayFile.objects.get(partner=row, day=DAY)
    assert (file.state, file.missing, there.days[0]["digest"]) == ("EVEN", 0, file.digest)
    assert {line["id"] for line in there.days[0]["lines"]} == set(there.kept)


def test_what_the_partner_lacks_goes_out_again(platform, jia):
    with joined() as (row, there):
        submit(jia, n=3)
        pump(row)
        lost = next(iter(there.kept))
        del there.kept[lost]
        there.lacks = [lost, str(uuid.uuid4()), "no uuid"]
        reconciling.close_days(at=NIGHT)
        reconciling.send_days(at=NIGHT)
        assert states(row) == {"ACCEPTED": 2, "WAITING": 1}
        pump(row, at=NIGHT)
    assert lost in there.kept
    assert states(row) == {"ACCEPTED": 3}
    assert (DayFile.objects.get(partner=row, day=DAY).state, there.times[lost]) == ("UNEVEN", 2)


def test_a_days_file_waits_for_the_days_own_records_but_not_for_ever(platform, jia):
    with joined(there={"mood": "down"}) as (row, there):
        submit(jia)
        pump(row)
        reconciling.close_days(at=NIGHT)
        assert reconciling.send_days(at=NIGHT) == 0
        assert there.days == []
        there.mood = "well"
        assert reconciling.send_days(at=NIGHT + timedelta(hours=7)) == 1


def test_a_file_that_does_not_arrive_is_sent_again_later(platform, jia):
    with joined() as (row, there):
        submit(jia)
        pump(row)
        reconciling.close_days(at=NIGHT)
        there.mood = "down"
        assert reconciling.send_days(at=NIGHT) == 0
        file = DayFile.objects.get(partner=row, day=DAY)
        assert (file.problem, file.tries, file.next_at) == ("busy", 1, NIGHT + timedelta(minutes=1))
        there.mood = "well"
        assert reconciling.send_days(at=NIGHT) == 0
        assert reconciling.send_days(at=file.next_at) == 1
    told = AuditEvent.objects.filter(action="exchange.out.day", target=f"partner:{row.uuid}").order_by("at")
    assert [(one.direction, one.result, one.details["rows"], one.details["answer"]) for one in told] == [
        ("OUT", "FAILED", 1, "busy"),
        ("OUT", "DONE", 1, "ok"),
    ]


def test_where_no_answer_comes_by_the_channel_our_own_books_count(platform, jia):
    with joined("SOAP", there={"rejects": {"EXAM"}}) as (row, _there):
        submit(jia)
        submit(jia, kind="EXAM")
        pump(row)
        reconciling.close_days(at=NIGHT)
        reconciling.send_days(at=NIGHT)
    file = DayFile.objects.get(partner=row, day=DAY)
    assert (file.state, file.missing) == ("UNEVEN", 1)


def test_receipts_that_were_promised_and_never_came_make_it_go_out_again(platform, jia):
    with joined("SOAP", there={"mood": "later"}) as (row, there):
        submit(jia)
        pump(row)
        assert states(row) == {"SENT": 1}
        reconciling.close_days(at=NIGHT)
        reconciling.send_days(at=NIGHT + timedelta(hours=24))
        there.mood = "well"
        pump(row, at=NIGHT + timedelta(hours=24))
    assert states(row) == {"ACCEPTED": 1}


def test_days_that_were_missed_are_closed_a_week_back(platform, jia):
    row = open_partner()
    submit(jia)
    reconciling.close_days(at=NIGHT + timedelta(days=6))
    assert list(DayFile.objects.filter(partner=row).order_by("day").values_list("count", flat=True)) == [1, 0, 0, 0, 0, 0, 0]


def test_under_way_is_not_lost(platform, jia):
    with joined(there={"mood": "down"}) as (row, _there):
        submit(jia)
        pump(row)
        record = Delivery.objects.get(partner=row).record
        assert receipts.resend_ids(row, [str(record.uuid)], at=AT) == 0
    assert states(row) == {"SENT": 1}


def test_the_file_is_the_same_whenever_it_is_asked_for(platform, jia):
    row = open_partner()
    submit(jia, n=2)
    queueing.enqueue()
    first = reconciling.document(row, DAY)
    assert first == reconciling.document(row, DAY)
    assert documents.day_document(first["lines"], suite=documents.Suite.SHARED, day=first["day"], sender=first["sender"],
                                  receiver=first["receiver"], by_kind=first["byKind"])["digest"] == first["digest"]  # fmt: skip
    assert "学" not in json.dumps(first, ensure_ascii=False)


@pytest.mark.parametrize("channel", ["REST", "PULL"])
def test_a_large_day_is_told_in_parts(platform, jia, monkeypatch, channel):
    monkeypatch.setattr(documents, "MOST_LINES", 2)
    with joined(channel, **({"address": ""} if channel == "PULL" else {})) as (row, there):
        submit(jia, n=5)
        pump(row)
        reconciling.close_days(at=NIGHT)
        parts = list(reconciling.documents_of(row, DAY))
        assert [(one["part"], one["parts"], one["count"], len(one["lines"])) for one in parts] == [
            (1, 3, 5, 2),
            (2, 3, 5, 2),
            (3, 3, 5, 1),
        ]
        assert [line["seq"] for one in parts for line in one["lines"]] == [1, 2, 3, 4, 5]
        text = "".join(f"{one['digest']}\n" for one in parts).encode()
        assert DayFile.objects.get(partner=row, day=DAY).digest == suites.digest(Suite.SHARED, text)
        for part in (0, 4):
            with pytest.raises(DomainError, match="no_part"):
                reconciling.document(row, DAY, part=part)
        if channel == "REST":
            there.lacks = [parts[2]["lines"][0]["id"]]
            reconciling.send_days(at=NIGHT)
            assert [one["part"] for one in there.days] == [1, 2, 3]
            assert (states(row), DayFile.objects.get(partner=row, day=DAY).missing) == ({"ACCEPTED": 4, "WAITING": 1}, 1)
