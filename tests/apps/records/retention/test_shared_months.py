"""Beats and events lie in months that all enterprises share: each packs what is its own, and the month goes as a whole later."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from apps.learning.models import StudySession
from apps.records.retention import holding, queries, reading
from infra.kit import clock
from public.audit import api as audit
from public.audit import months
from public.audit.models import AuditEvent, Beat
from public.retention.api import Package, Step
from tenants.api import enterprise_scope
from tests.apps.records.retention import ground

pytestmark = pytest.mark.req("R4.6")
THEN = datetime(2025, 1, 7, 3, 0, tzinfo=UTC)
"""Past the six months of beats, within the 24 of other process data."""


def beat(session: StudySession, seq: int) -> None:
    Beat.objects.create(
        uuid=uuid4(), schema_name=ground.schema(), at=THEN, session=session.uuid, seq=seq, state="playing", reason="tick",
        position_ms=seq * 1000, paid_ms=1000, verdict="paid", details={"rate": 1},
    )  # fmt: skip


@pytest.fixture
def studied(in_jia, folder):
    """学员甲 and 学员乙 sent two beats each in January 2025."""
    sessions = [ground.sitting(view, THEN) for view in (ground.pupil(), ground.colleague())]
    for session in sessions:
        for seq in (1, 2):
            beat(session, seq)
    return sessions


def packages():
    return list(Package.objects.filter(what="BEATS").order_by("volume").values_list("volume", "rows"))


def test_beats_are_packed_with_their_learners_and_stay_until_the_month_goes(studied):
    done = ground.keep()
    assert (done.packages, done.erased) == (1, 0)
    package = Package.objects.get(what="BEATS")
    assert queries.packages(subject=studied[0].learner.uuid).get() == package
    with reading.verified(reading.stored(package)) as (bundle, _manifest):
        rows = list(reading.rows_of(bundle, "beats"))
    assert sorted(row.body["seq"] for row in rows if row.learner == studied[0].learner.uuid) == [1, 2]
    assert Beat.objects.filter(at=THEN).count() == 4
    assert not Step.objects.exists()
    assert ground.keep().packages == 0
    beat(studied[0], 3)
    assert ground.keep().packages == 1, "a beat that came late"
    assert packages() == [(1, 4), (2, 1)]


def test_beats_of_a_learner_on_hold_are_left_out(studied):
    hold = {"reason": "劳动仲裁", "until": None, "by": "manager:1", "by_name": "安全员", "at": clock.now()}
    holding.place(subject=studied[1].learner.uuid, **hold)
    ground.keep()
    assert packages() == [(1, 2)]
    assert ground.keep().packages == 0


def test_events_are_packed_after_three_years(in_jia, folder, yi):
    then = datetime(2023, 1, 7, 3, 0, tzinfo=UTC)
    audit.record("people.imported", actor="manager:1", target="job:1", at=then, ip="198.51.100.7", rows=3)
    with enterprise_scope(yi):
        audit.record("people.imported", actor="manager:1", target="job:neighbour", at=then)
    ground.keep()
    package = Package.objects.get(what="EVENTS")
    with reading.verified(reading.stored(package)) as (bundle, _manifest):
        (row,) = reading.rows_of(bundle, "events")
    assert (row.body["target"], row.body["ip"], row.body["details"]) == ("job:1", "198.51.100.7", {"rows": 3})
    assert AuditEvent.objects.filter(at=then).count() == 1


@pytest.mark.parametrize("rows", [months._beats, months._events])
def test_nobody_reads_everybody_s_month_to_find_its_own(in_jia, rows):
    month = rows().filter(at__gte=THEN, at__lt=datetime(2025, 2, 1, tzinfo=UTC)).order_by("at", "uuid")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "Seq Scan" not in month.explain()


def test_months_are_read_slice_by_slice_each_row_once(studied, monkeypatch):
    monkeypatch.setattr(months, "_SLICE", 3)
    found = [row.uuid for part in months.beats_within(THEN, datetime(2025, 2, 1, tzinfo=UTC)) for row in part]
    assert len(found) == len(set(found)) == 4
