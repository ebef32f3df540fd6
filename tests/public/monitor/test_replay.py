"""The replay of one sitting: points, bands of what was paid, runs of like beats, signals and marks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from public.audit.api import BeatRow
from public.monitor import api as monitor
from public.monitor.models import Mark
from public.monitor.replay import build
from tenants.scope import enterprise_scope, platform_scope
from tests.public.desk import desk
from tests.public.monitor.ground import sit, watch

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def beats(*told: tuple[str, int, str], every_s: int = 15, **details):
    """Rows of (state, paid ms, verdict); ``details`` of the last."""
    return [
        BeatRow(
            NOON + timedelta(seconds=every_s * no),
            no,
            state,
            "tick",
            no * 15_000,
            paid,
            verdict,
            details if no == len(told) else {},
        )
        for no, (state, paid, verdict) in enumerate(told, 1)
    ]


PAID = ("playing", 15_000, "paid")


def test_joins_like_beats_into_one_line_and_one_band():
    found = build(NOON, beats(("playing", 0, "not_playing"), PAID, PAID, PAID), [])
    assert [(band.kind, band.start, band.end) for band in found.bands] == [
        ("idle", NOON, NOON + timedelta(seconds=15)),
        ("paid", NOON + timedelta(seconds=15), NOON + timedelta(seconds=60)),
    ]
    assert [(line.count, line.paid_ms) for line in found.lines] == [(1, 0), (3, 45_000)]
    assert found.paid_ms == 45_000
    assert len(found.points) == 5


def test_what_ran_but_did_not_count_is_another_band_than_rest():
    told = [PAID, ("playing", 0, "too_fast"), ("paused", 15_000, "paid"), ("paused", 0, "not_playing")]
    assert [band.kind for band in build(NOON, beats(*told), []).bands] == ["paid", "unpaid", "paid", "idle"]


def test_signals_are_pinned_and_break_the_run():
    found = build(NOON, beats(PAID, PAID, PAID, signals=["rate"]), [])
    assert found.signals == [(NOON + timedelta(seconds=45), ["rate"])]
    assert [(line.count, line.tone) for line in found.lines] == [(2, "proven"), (1, "attention")]
    assert "倍速播放" in found.lines[1].text


def test_a_standing_signal_is_one_pin():
    rows = [
        BeatRow(NOON + timedelta(seconds=n), n, "playing", "tick", n, 1, "paid", {"signals": ["webdriver"]})
        for n in range(1, 200)
    ]
    assert [at for at, _codes in build(NOON, rows, []).signals] == [NOON + timedelta(seconds=1)]


def test_marks_stand_in_the_table_at_their_time():
    mark = Mark(kind="VOIDED", at=NOON + timedelta(seconds=20), code="interaction_timeout", ms=65_000)
    found = build(NOON, beats(PAID, ("paused", 15_000, "paid")), [mark])
    assert [line.title for line in found.lines] == ["计入学时", "计入学时", "学时作废"]
    assert found.lines[2].text == "在场核验超时未答 · 1 分 05 秒"
    assert found.voided_ms == 65_000


def test_a_sitting_without_beats_has_no_lines():
    found = build(NOON, [], [])
    assert (found.lines, found.bands, found.paid_ms) == ([], [], 0)


def test_evidence_of_another_shape_breaks_nothing():
    assert build(NOON, beats(PAID, signals="rate"), []).signals == []


def test_operations_see_the_replay_with_masked_name(db, jia):
    at = NOON
    with enterprise_scope(jia):
        session = sit(at=at)
        watch(session, 4, at=at, details={"signals": ["frozen"]})
        monitor.mark(session=session, kind="PASSED", at=at + timedelta(seconds=40), code="code")
    with platform_scope():
        html = desk("OPERATIONS").get(f"/desk/monitor/{session}").content.decode()
    assert "replay-data" in html
    assert "画面没有变化" in html
    assert "在场核验通过" in html
    assert jia.name in html
