"""Sending: everything arrives once, whatever breaks on the way; what cannot arrive is put on the desk with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.kit.exchange.documents import Receipt, Result
from infra.kit.exchange.suites import Suite
from public.audit.models import AuditEvent
from public.regulators.exchange import partners, pushing, queueing, receipts, rules
from public.regulators.exchange.models import Delivery, Parcel
from tests.public.regulators.exchange.ground import AT, ME, joined, later, pump, states, submit, wanted

pytestmark = pytest.mark.req("R7.2")


@pytest.mark.req("R7.1")
@pytest.mark.parametrize(("channel", "suite"), [("REST", Suite.SM), ("SOAP", Suite.INTERNATIONAL), ("REST", Suite.SHARED)])
def test_records_arrive_in_parcels_and_are_accepted(platform, jia, channel, suite):
    with joined(channel, suite=suite, parcel_size=2) as (row, there):
        submit(jia, n=5)
        assert pump(row) == 3
    assert states(row) == {"ACCEPTED": 5}
    assert sorted(record["seq"] for record in there.kept.values()) == [1, 2, 3, 4, 5]
    assert {found["name"] for found in there.opened.values()} == {"学*"}
    assert set(there.times.values()) == {1}


@pytest.mark.req("R2.6")
def test_the_neighbours_records_do_not_go_along(platform, jia, yi):
    with joined() as (row, there):
        submit(jia)
        submit(yi)
        pump(row)
    assert len(there.kept) == 1
    assert {record["enterprise"] for record in there.kept.values()} == {str(jia.uuid)}


def test_an_outage_makes_the_partner_wait_longer_each_time_and_loses_nothing(platform, jia):
    with joined(there={"mood": "down"}) as (row, there):
        submit(jia, n=3)
        queueing.enqueue()
        at, waits = AT, []
        for _turn in range(4):
            pushing.push_one(row.pk, at=at)
            row.refresh_from_db()
            waits.append((row.next_at - at).total_seconds())
            assert pushing.push_one(row.pk, at=row.next_at - timedelta(milliseconds=1)) is None, "not before its time"
            at = row.next_at
        assert (waits, row.problem, row.failures) == ([1, 2, 4, 8], "busy", 4)
        told = AuditEvent.objects.filter(action="exchange.out", target=f"partner:{row.uuid}")
        assert {(one.result, one.details["answer"]) for one in told} == {("FAILED", "busy")}
        there.mood = "well"
        assert pump(row, at=at) == 1
    row.refresh_from_db()
    assert (states(row), row.failures, row.problem) == ({"ACCEPTED": 3}, 0, "")
    assert len(set(there.messages)) == 1, "the same message each time"


def test_a_lost_answer_does_not_count_twice(platform, jia):
    with joined(there={"mood": "unsigned"}) as (row, there):
        submit(jia, n=3)
        pump(row)
        assert (len(there.kept), states(row)) == (3, {"SENT": 3})
        there.mood = "well"
        pump(row, at=later(seconds=2))
    assert states(row) == {"ACCEPTED": 3}
    assert set(there.times.values()) == {2}, "it came twice and was told apart by its id"


def test_one_in_ten_calls_may_break_and_all_arrive(platform, jia):
    with joined(there={"fails": 0.3}, parcel_size=1) as (row, there):
        submit(jia, n=20)
        at = AT
        for _turn in range(200):
            pump(row, at=at)
            if states(row) == {"ACCEPTED": 20}:
                break
            at += timedelta(seconds=rules.LONGEST_PAUSE_S)
    assert states(row) == {"ACCEPTED": 20}
    assert (len(there.kept), there.broken > 0) == (20, True)


def test_a_refused_parcel_lets_others_go_first_and_ends_on_the_desk(platform, jia):
    with joined(there={"mood": "refuses"}) as (row, there):
        submit(jia, n=2)
        pump(row)
        there.mood = "well"
        submit(jia, kind="EXAM")
        assert pump(row, at=later(seconds=30)) == 1, "the refused one waits for its minute"
        assert states(row) == {"SENT": 2, "ACCEPTED": 1}
        there.mood = "refuses"
        at = AT
        for _turn in range(rules.STUCK_AFTER_TRIES):
            at += timedelta(hours=7)
            pump(row, at=at)
    parcel = Parcel.objects.get(partner=row, state="STUCK")
    assert (parcel.problem, parcel.tries) == ("document_refused", rules.STUCK_AFTER_TRIES)
    assert states(row) == {"STUCK": 2, "ACCEPTED": 1}
    assert pump(row, at=later(days=30)) == 0


def test_rejected_records_keep_their_reason_and_can_be_sent_again(platform, jia):
    with joined(there={"rejects": {"EXAM"}}) as (row, there):
        submit(jia, kind="EXAM")
        submit(jia)
        pump(row)
        assert states(row) == {"REJECTED": 1, "ACCEPTED": 1}
        dead = Delivery.objects.get(partner=row, state="REJECTED")
        assert (dead.code, dead.reason) == ("E2001", "考试编号不存在")
        there.rejects = set()
        again = receipts.resend(
            Delivery.objects.filter(pk=dead.pk), actor="operator:1", target=f"partner:{row.uuid}", at=later(hours=1)
        )
        assert again == 1
        pump(row, at=later(hours=1))
    assert states(row) == {"ACCEPTED": 2}
    assert there.kept[str(dead.record.uuid)]["seq"] == dead.seq, "under its old number"


def test_missing_receipts_are_asked_for_by_sending_the_rest_again(platform, jia):
    with joined(there={"mood": "silent"}) as (row, there):
        submit(jia, n=2)
        assert pump(row, turns=3) == 1
        assert states(row) == {"SENT": 2}
        there.mood = "well"
        pump(row, at=later(minutes=2))
    assert states(row) == {"ACCEPTED": 2}


def test_receipts_that_come_later_settle_what_was_sent(platform, jia):
    with joined(there={"mood": "later"}) as (row, there):
        submit(jia, n=2)
        pump(row)
    assert states(row) == {"SENT": 2}
    assert not Parcel.objects.filter(partner=row, state="OPEN").exists()
    said = [Receipt(key, Result.ACCEPTED) for key in there.kept]
    assert receipts.apply(row, said, at=later(minutes=1)) == 2
    assert receipts.apply(row, said, at=later(minutes=2)) == 0
    assert states(row) == {"ACCEPTED": 2}


def test_somebody_elses_receipts_change_nothing(platform, jia, yi):
    with joined() as (row, _there):
        submit(jia)
        queueing.enqueue()
        record = Delivery.objects.get(partner=row).record
        stranger = wanted(code="NB-AQPX", division_prefix="3302", kinds=["SESSION"])
        other = partners.open_partner(wanted=stranger, me=ME, at=AT)
        said = [
            Receipt(str(record.uuid), Result.ACCEPTED),
            Receipt("no uuid", Result.ACCEPTED),
        ]
        assert receipts.apply(other, said, at=AT) == 0
    assert states(row) == {"WAITING": 1}


def test_a_paused_partner_is_not_called(platform, jia):
    with joined() as (row, there):
        partners.set_state(uuid=row.uuid, state="PAUSED", me=ME, at=AT)
        submit(jia)
        assert pump(row) == 0
        assert row.pk not in pushing.due(at=AT)
        partners.set_state(uuid=row.uuid, state="ACTIVE", me=ME, at=AT)
        assert row.pk in pushing.due(at=AT)
        assert pump(row) == 1
    assert there.calls == 1


def test_while_somebody_sends_nobody_else_does_until_the_lease_is_over(platform, jia):
    with joined() as (row, there):
        submit(jia)
        queueing.enqueue()
        assert pushing._take(row.pk, AT) is not None  # and dies
        assert pushing.push_one(row.pk, at=later(seconds=1)) is None
        assert pushing.push_one(row.pk, at=AT + rules.LEASE) is not None
    assert (states(row), there.calls) == ({"ACCEPTED": 1}, 1)


@pytest.mark.req("R5.4")
def test_every_call_is_in_the_log_without_personal_data(platform, jia):
    with joined() as (row, _there):
        submit(jia)
        pump(row)
    event = AuditEvent.objects.get(action="exchange.out", target=f"partner:{row.uuid}")
    assert (event.direction, event.result, event.details["answer"], event.details["rows"]) == ("OUT", "DONE", "ok", 1)
    assert (event.details["party"], event.details["label"]) == (f"authority:{row.division_prefix}/{row.code}", "2-TRAINING")
    assert "学" not in str(event.details)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 1), (1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (10_000, 300)])
def test_pauses_double_up_to_five_minutes(failures, seconds):
    assert rules.pause(failures).total_seconds() == seconds


def test_an_outage_of_hours_is_no_fault_of_a_parcel():
    made = AT
    assert not rules.is_stuck(tries=100, made_at=made, at=later(hours=23), is_down=True)
    assert rules.is_stuck(tries=100, made_at=made, at=later(hours=24), is_down=True)
    assert rules.is_stuck(tries=8, made_at=made, at=made, is_down=False)
    assert not rules.is_stuck(tries=7, made_at=made, at=later(days=9), is_down=False)
