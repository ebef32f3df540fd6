"""Figures out of the feed: what is counted, of whom, and by which division it is seen."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from public.portal import counting, periods, statistics
from public.portal.models import Figures
from public.regulators import api as regulators
from tenants.models import Enterprise
from tenants.scope import enterprise_scope

pytestmark = pytest.mark.req("R7.1")
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NIGHT = AT + timedelta(hours=20)
HOUR_MS = 2_700_000


def tell(site: Any, kind: str, subject: uuid.UUID, at: datetime = AT, **body: Any) -> None:
    """Add one record to the feed."""
    with enterprise_scope(site):
        regulators.submit(kind=kind, subject=subject, body=body, at=at)


def complain(site: Any, *, decided: str, at: datetime = AT) -> None:
    """Add a decided complaint, as the platform does."""
    body = {"promised_at": "2026-11-19T18:00:00+08:00", "decided_at": decided}
    regulators.submit(kind="COMPLAINT", subject=uuid.uuid4(), body=body, at=at, schema_name=site.schema_name)


@pytest.fixture
def busy(platform: None, jia: Any) -> tuple[uuid.UUID, uuid.UUID]:
    """甲 with three people on the books, of whom one trained, one that has left and trained, and two complaints."""
    one, two, three, gone = (uuid.uuid4() for _n in range(4))
    for who in (one, two, three, gone):
        tell(jia, "LEARNER", who, name="学**", status="ACTIVE")
    tell(jia, "LEARNER", gone, name="学**", status="ARCHIVED")
    tell(jia, "SESSION", one, effective_ms=2 * HOUR_MS)
    tell(jia, "SESSION", one, effective_ms=HOUR_MS)
    tell(jia, "SESSION", one, event="entry_correction", effective_ms=-HOUR_MS)
    tell(jia, "SESSION", gone, effective_ms=HOUR_MS)
    tell(jia, "EXAM", one, passed=False)
    tell(jia, "EXAM", one, passed=True)
    tell(jia, "EXAM", one, event="entry_correction", passed=True)
    tell(jia, "CERTIFICATE", one, number="A")
    tell(jia, "CERTIFICATE", one, event="revocation", number="A")
    complain(jia, decided="2026-11-19T09:00:00+00:00")
    complain(jia, decided="2026-11-19T11:00:00+00:00")
    return one, gone


def test_counts_each_person_once_and_corrections_where_they_belong(busy, jia):
    assert counting.count_now(at=NIGHT) >= 2
    found = Figures.objects.get(schema_name=jia.schema_name, period="2026-11")
    assert (found.on_books, found.covered, found.people) == (3, 1, 2)
    assert (found.effective_ms, found.exams, found.exams_passed, found.certificates) == (3 * HOUR_MS, 2, 1, 1)
    assert (found.complaints, found.complaints_in_time) == (2, 1)


def test_who_has_no_time_left_is_nobody_who_trained(busy, jia):
    voided, undone, revoked = (uuid.uuid4() for _n in range(3))
    for who in (voided, undone, revoked):
        tell(jia, "LEARNER", who, name="学**", status="ACTIVE")
    tell(jia, "SESSION", voided, event="void", effective_ms=0, voided_ms=HOUR_MS)
    tell(jia, "SESSION", undone, effective_ms=HOUR_MS)
    tell(jia, "SESSION", undone, event="entry_correction", effective_ms=-HOUR_MS)
    tell(jia, "CERTIFICATE", revoked, event="revocation", number="B")
    counting.count_now(at=NIGHT)
    found = Figures.objects.get(schema_name=jia.schema_name, period="2026-11")
    assert (found.on_books, found.covered, found.people, found.effective_ms) == (6, 1, 2, 3 * HOUR_MS)


def test_a_try_counts_as_it_stands_after_its_score_was_corrected(busy, jia):
    one, _gone = busy
    for attempt, passed, corrections in (("a", False, [True]), ("b", True, [True, False]), ("c", True, [])):
        tell(jia, "EXAM", one, attempt=attempt, passed=passed)
        for said in corrections:
            tell(jia, "EXAM", one, event="score_correction", attempt=attempt, passed=said)
    counting.count_now(at=NIGHT)
    found = Figures.objects.get(schema_name=jia.schema_name, period="2026-11")
    assert (found.exams, found.exams_passed) == (2 + 3, 1 + 2)


def test_one_unreadable_record_keeps_nobody_from_being_counted(busy, jia, yi):
    tell(yi, "SESSION", uuid.uuid4(), effective_ms=10**30)
    tell(yi, "SESSION", uuid.uuid4(), effective_ms="viel")
    tell(yi, "EXAM", uuid.uuid4(), passed="ja", attempt=7)
    tell(yi, "LEARNER", uuid.uuid4())
    regulators.submit(kind="COMPLAINT", subject=uuid.uuid4(), body={"decided_at": "gestern"}, at=AT, schema_name=yi.schema_name)
    counting.count_now(at=NIGHT)
    assert Figures.objects.get(schema_name=jia.schema_name, period="2026-11").people == 2
    found = Figures.objects.get(schema_name=yi.schema_name, period="2026-11")
    assert (found.complaints, found.complaints_in_time, found.exams, found.exams_passed) == (1, 0, 1, 0)


def test_a_closed_enterprise_has_nobody_on_its_books_and_keeps_what_it_did(busy, jia):
    Enterprise.objects.filter(schema_name=jia.schema_name).update(status="CLOSED")
    counting.count_now(at=NIGHT)
    found = Figures.objects.get(schema_name=jia.schema_name, period="2026-11")
    assert (found.on_books, found.covered, found.people, found.certificates) == (0, 0, 2, 1)
    counting.count_now(at=NIGHT + timedelta(days=31))
    assert not Figures.objects.filter(schema_name=jia.schema_name, period="2026-12").exists()
    assert jia.name not in {row.name for row in statistics.enterprises("33", period="2026-12", show="idle")}


def test_a_year_counts_people_once_over_its_months_and_twice_comes_to_the_same(busy, jia):
    one, _gone = busy
    tell(jia, "SESSION", one, AT - timedelta(days=40), effective_ms=HOUR_MS)
    for period in ("2026-10", "2026-11", "2026") * 2:
        counting.count_period(period, at=NIGHT)
    people = dict(Figures.objects.filter(schema_name=jia.schema_name).values_list("period", "people"))
    assert people == {"2026-10": 1, "2026-11": 2, "2026": 2}


def test_months_that_were_never_counted_are_made_up_for_once(busy, jia):
    tell(jia, "SESSION", uuid.uuid4(), AT - timedelta(days=40), effective_ms=HOUR_MS)
    counting.count_now(at=NIGHT)
    then = Figures.objects.get(schema_name=jia.schema_name, period="2026-10")
    assert (then.people, then.on_books) == (1, 0)
    counting.count_now(at=NIGHT + timedelta(days=1))
    assert Figures.objects.get(schema_name=jia.schema_name, period="2026-10").counted_at == then.counted_at


def test_what_is_counted_no_more_goes(busy, jia):
    counting.count_now(at=NIGHT)
    Figures.objects.create(
        schema_name="e_gone", period="2026-11", on_books=1, covered=0, people=0, effective_ms=0, exams=0, exams_passed=0,
        certificates=0, complaints=0, complaints_in_time=0, counted_at=NIGHT,
    )  # fmt: skip
    counting.count_now(at=NIGHT + timedelta(hours=1))
    found = dict(Figures.objects.filter(period="2026-11").values_list("schema_name", "counted_at"))
    assert "e_gone" not in found
    assert found[jia.schema_name] == NIGHT + timedelta(hours=1)


def test_shares_are_of_those_they_speak_of_and_none_of_nobody(busy, jia):
    counting.count_now(at=NIGHT)
    total = statistics.totals("3301", period="2026-11")
    assert (total.coverage, total.passed, total.in_time, total.hours) == (1 / 3, 0.5, 0.5, "3")
    nothing = statistics.totals("3301", period="2020")
    assert (nothing.coverage, nothing.passed, nothing.in_time, nothing.counted_at) == (None, None, None, None)


@pytest.mark.req("R2.6")
def test_a_division_sees_its_own_enterprises_alone(busy, jia, yi):
    tell(yi, "SESSION", uuid.uuid4(), effective_ms=HOUR_MS)
    counting.count_now(at=NIGHT)
    assert statistics.totals("3301", period="2026-11").people == 2
    assert statistics.totals("3302", period="2026-11").people == 1
    assert statistics.totals("33", period="2026-11").people == 3
    for prefix, area in (("3301", "3302"), ("3302", "x%"), ("3302", "3301")):
        assert not statistics.enterprises(prefix, period="2026-11", area=area).exists()
    assert "宁波乙化工有限公司" in {row.name for row in statistics.enterprises("33", period="2026-11", area="3302")}
    assert not statistics.enterprises("3301", period="2026-11", text="乙化工").exists()


def test_areas_add_up_and_a_county_has_none(busy, jia, yi):
    counting.count_now(at=NIGHT)
    by_code = {one.code: one for one in statistics.areas("33", period="2026-11")}
    assert (by_code["3301"].name, by_code["3301"].totals.people, by_code["3302"].totals.people) == ("杭州市", 2, 0)
    assert [one.code for one in statistics.areas("3301", period="2026-11") if one.totals.people] == ["330106"]
    assert statistics.areas("330106", period="2026-11") == []


def test_who_lags_can_be_put_first_and_who_does_nothing_alone(busy, jia, yi):
    counting.count_now(at=NIGHT)
    rising, falling = (
        [row.pk for row in statistics.enterprises("33", period="2026-11", sort=sort)] for sort in ("name", "-name")
    )
    assert set(rising) == set(falling)
    assert (rising[0], falling[0]) == (falling[-1], rising[-1])
    names = [row.name for row in statistics.enterprises("33", period="2026-11", sort="-coverage")]
    assert names[0] == "杭州甲机械有限公司"
    idle = {row.name for row in statistics.enterprises("33", period="2026-11", show="idle")}
    assert "宁波乙化工有限公司" in idle
    assert "杭州甲机械有限公司" not in idle


def test_a_trend_has_twelve_months_and_the_tallest_is_whole(busy):
    counting.count_now(at=NIGHT)
    bars = statistics.trend("3301", today=AT.date())
    assert [bars[0].period, bars[-1].period, len(bars)] == ["2025-12", "2026-11", 12]
    assert (bars[-1].height, bars[-1].top, bars[0].height, bars[0].shown) == (100, 0, 0, 2)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2026", date(2026, 1, 1), date(2026, 12, 31)), ("2024-02", date(2024, 2, 1), date(2024, 2, 29))],
)
def test_periods_have_first_and_last_days(text, first, last):
    assert periods.days_of(text) == (first, last)


@pytest.mark.parametrize("text", ["", "x", "2026-13", "2026-1", "1999", "2026-11-01"])
def test_what_is_no_period_is_this_year_or_refused(text):
    assert periods.read(text, today=date(2026, 11, 29)) == "2026"
    with pytest.raises(ValueError, match="no period"):
        periods.days_of(text)
