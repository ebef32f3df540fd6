"""Settled deliveries go when their months are over; what is not settled, and the sums of each day, stay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from public.audit.models import AuditEvent
from public.regulators.exchange import changing, queueing, reconciling, thinning
from public.regulators.exchange.changing import Change
from public.regulators.exchange.models import DayFile, Delivery, Parcel, Partner
from public.retention.models import Period
from tests.public.regulators.exchange.ground import DAY, FOUR, ME, joined, pump, states, submit
from tests.public.regulators.exchange.test_reconciling import NIGHT
from tests.public.regulators.exchange.test_serving import There

pytestmark = [pytest.mark.req("R7.2"), pytest.mark.req("R5.4")]
LATER = datetime(2033, 2, 1, 1, 0, tzinfo=UTC)
"""24 months after the end of January 2031."""


@pytest.fixture
def settled(platform: None, jia: Any) -> Partner:
    """One day with three records that were accepted, one that was rejected, and the enterprise itself."""
    with joined(there={"rejects": {"EXAM"}}, kinds=[*FOUR, "ENTERPRISE"]) as (row, _there):
        submit(jia, n=3)
        submit(jia, kind="EXAM")
        submit(jia, kind="ENTERPRISE", status="ACTIVE")
        pump(row)
        reconciling.close_days(at=NIGHT)
        reconciling.send_days(at=NIGHT)
    return row


def of_the_day(row: Partner) -> list[tuple[str, str]]:
    return sorted(Delivery.objects.filter(partner=row, day=DAY).values_list("kind", "state"))


def test_settled_records_go_when_their_months_are_over_and_not_a_month_before(settled):
    before = of_the_day(settled)
    thinning.thin(at=datetime(2033, 1, 31, 1, 0, tzinfo=UTC))
    assert of_the_day(settled) == before
    assert thinning.thin(at=LATER) == 3
    assert of_the_day(settled) == [("ENTERPRISE", "ACCEPTED"), ("EXAM", "REJECTED")]
    assert thinning.thin(at=LATER) == 0
    file = DayFile.objects.get(partner=settled, day=DAY)
    assert (file.count, file.by_kind["SESSION"]) == (5, 3)
    event = AuditEvent.objects.get(action="exchange.thinned", target=f"partner:{settled.uuid}")
    assert (event.details["records"], event.details["until"]) == (3, "2031-02-01")


def test_parcels_go_with_what_was_in_them(platform, jia):
    with joined(parcel_size=2) as (row, _there):
        submit(jia, n=4)
        pump(row)
        reconciling.close_days(at=NIGHT)
        reconciling.send_days(at=NIGHT)
    Delivery.objects.filter(partner=row, seq=4).update(state="REJECTED")
    thinning.thin(at=LATER)
    assert list(Parcel.objects.filter(partner=row).values_list("first_seq", "last_seq")) == [(3, 4)]


def test_a_day_that_was_never_settled_stays(platform, jia):
    with joined() as (row, _there):
        submit(jia, n=2)
        pump(row)
        reconciling.close_days(at=NIGHT)
    thinning.thin(at=LATER)
    assert states(row) == {"ACCEPTED": 2}


def test_without_a_period_nothing_goes(settled):
    Period.objects.filter(what="EXCHANGE").update(until=DAY)
    assert thinning.thin(at=LATER) == 0


def test_what_was_thinned_is_not_sent_anew(settled, jia):
    thinning.thin(at=LATER)
    change = Change(settled.name, ["SESSION", "EXAM", "ENTERPRISE", "LEARNER"], settled.channel, settled.address, 200)
    submit(jia, kind="LEARNER")
    row = changing.change_partner(uuid=settled.uuid, change=change, me=ME, at=LATER)
    while queueing.look_back(row.pk, most=10**9):
        pass
    queueing.fill_day(row.pk, DAY)
    assert "SESSION" not in {kind for kind, _state in of_the_day(row)}


def test_a_thinned_day_is_said_to_be_so(platform, jia):
    there = There()
    submit(jia)
    queueing.enqueue()
    reconciling.close_days(at=NIGHT)
    file = DayFile.objects.get(partner=there.row, day=DAY)
    lost = str(Delivery.objects.get(partner=there.row).record.uuid)
    Delivery.objects.filter(partner=there.row).update(state="ACCEPTED")
    reconciling.answer(file, [], at=NIGHT)
    assert there.ask("GET", f"/days/{DAY}").status_code == 200
    thinning.thin(at=LATER)
    for answer in (there.ask("GET", f"/days/{DAY}"), there.ask("POST", f"/days/{DAY}", {"missing": [lost]})):
        assert (answer.status_code, answer.json()["code"]) == (410, "thinned")
    file.refresh_from_db()
    assert file.state == "EVEN"
