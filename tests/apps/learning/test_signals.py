"""Each cheat signal on both sides of its threshold; the score fades, is bounded and survives being stored."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning import signals
from apps.learning.shapes import BeatIn
from apps.learning.signals import WEIGHTS, SignalState
from public.monitor import words

DRAWS = (13_041, 17_063, 12_087, 15_022, 18_110, 14_035, 16_074, 12_058)


@dataclass
class Page:
    """An honest page whose beats a test bends."""

    state: SignalState = field(default_factory=SignalState)
    mono_ms: int = 1_000
    position_ms: int = 0
    frames: int = 10

    def beat(
        self, gap_ms: int = 15_000, *, mono: int | None = None, still: bool = False, idle: bool = False, **said: Any
    ) -> set[str]:
        self.mono_ms += gap_ms if mono is None else mono
        self.position_ms += gap_ms
        self.frames += 0 if still else gap_ms // 40
        claim = {
            "seq": 1,
            "nonce": "0" * 32,
            "position_ms": self.position_ms,
            "state": "playing",
            "reason": "tick",
            "rate": 1,
            "hidden": False,
            "focused": True,
            "mono_ms": self.mono_ms,
            "frames": self.frames,
            "guard": {},
            "probes": {},
            "mac": "0" * 64,
            **said,
        }
        claim["probes"] = {"inputs": 0 if idle else 1, **claim["probes"]}
        self.state, raised = signals.score(self.state, BeatIn.parse(claim), gap_ms)
        return {signal.code for signal in raised}


def test_an_honest_hour_raises_nothing():
    page = Page()
    for turn in range(240):
        assert page.beat(DRAWS[turn % 8] + turn % 37, idle=turn % 40 != 0) == set()
    assert page.state.score == 0


@pytest.mark.req("R2.7")
@pytest.mark.parametrize(("rate", "raised"), [(1, set()), (1.005, set()), (1.5, {"rate"}), (0.5, {"rate"})])
def test_a_rate_other_than_one_while_playing_is_a_signal(rate, raised):
    assert Page().beat(rate=rate) == raised
    assert Page().beat(rate=rate, state="paused") == set()


@pytest.mark.parametrize(
    ("guard", "raised"),
    [
        ({"rate": 1}, {"rate_corrected"}),
        ({"seek": 2}, set()),
        ({"seek": 3}, {"seek_corrected"}),
        ({"hidden": 2, "blur": 1}, set()),
        ({"hidden": 2, "blur": 2}, {"restless"}),
    ],
)
def test_what_the_player_had_to_correct_counts_once(guard, raised):
    page = Page()
    assert page.beat(guard=guard) == raised
    assert page.beat(14_050, guard=guard) == set()  # the counters of the page only grow; nothing new happened


@pytest.mark.parametrize(("extra_ms", "raised"), [(1_500, set()), (2_200, {"strike"})])
def test_a_place_that_runs_ahead_of_the_clock_is_a_signal(extra_ms, raised):
    page = Page()
    page.beat()
    page.position_ms += extra_ms
    assert page.beat() == raised


@pytest.mark.parametrize(("mono", "raised"), [(15_400, set()), (15_700, {"clock"}), (14_300, {"clock"}), (-1, {"clock"})])
def test_a_browser_clock_that_runs_away_from_ours_is_a_signal(mono, raised):
    page, found = Page(), set()
    for turn in range(7):
        found |= page.beat(DRAWS[turn] // 1000 * 1000 + 40 * turn, mono=None if turn == 0 else mono * DRAWS[turn] // 15_000)
    assert found == raised


def test_a_late_network_is_no_drift_of_the_clock():
    page = Page()
    for turn in range(8):
        late = 6_000 if turn % 2 else -6_000  # the server saw it 6 s late, and the next one so much sooner
        assert page.beat(15_000 + late + 41 * turn, mono=15_000 + 41 * turn) - {"strike"} == set()


@pytest.mark.parametrize(
    ("gaps", "raised"),
    [
        (DRAWS, set()),
        ([15_000 + 40 * n for n in range(8)], {"regular"}),  # 15 s each time, whatever we asked for
        ([15_000 + 50 * n for n in range(8)], set()),
        ([draw // 1000 * 1000 + n % 2 for n, draw in enumerate(DRAWS)], {"regular"}),  # follows the draws to the millisecond
        ([draw // 1000 * 1000 + 998 * (n % 2) for n, draw in enumerate(DRAWS)], {"regular"}),  # around the full second
        ([draw // 1000 * 1000 + 9 * (n % 2) for n, draw in enumerate(DRAWS)], set()),
    ],
)
def test_beats_without_the_jitter_of_a_network_are_a_signal(gaps, raised):
    page, found = Page(), set()
    for gap in gaps:
        found |= page.beat(gap)
    assert found == raised


@pytest.mark.parametrize(("minutes", "raised"), [(29, set()), (31, {"no_input"})])
def test_long_playing_without_a_trusted_input_is_a_signal(minutes, raised):
    page, found = Page(), set()
    page.beat()
    for turn in range(minutes * 4):
        found |= page.beat(15_000 + (turn * 97) % 800, idle=True) - {"regular"}
    assert found == raised


def test_a_page_that_counts_no_inputs_is_not_blamed():
    page = Page()
    for turn in range(150):
        assert page.beat(DRAWS[turn % 8] + turn % 41, probes={"inputs": "many"}) == set()


@pytest.mark.parametrize(("beats", "raised"), [(1, set()), (2, {"frozen"})])
def test_frames_that_stand_still_while_playing_are_a_signal(beats, raised):
    page, found = Page(), set()
    page.beat()
    for _turn in range(beats):
        found |= page.beat(still=True)
    assert found == raised


def test_sounds_and_documents_have_no_frames_and_raise_nothing():
    page = Page()
    for turn in range(8):
        assert page.beat(DRAWS[turn], frames=0) == set()


@pytest.mark.parametrize(("probe", "code"), sorted(signals.NOT_NATIVE.items()))
def test_a_probe_that_must_be_true_is_a_signal_when_false(probe, code):
    assert Page().beat(probes={probe: False}) == {code}
    for honest in (True, None, 0, "no", [], 1):  # missing or unreadable says nothing
        assert Page().beat(probes={probe: honest}) == set()


@pytest.mark.parametrize(("probe", "least", "code"), sorted((name, *rule) for name, rule in signals.COUNTED.items()))
def test_a_counted_probe_is_a_signal_from_its_threshold_on(probe, least, code):
    assert Page().beat(probes={probe: least}) == {code}
    for nothing in (least - 1, 0, 0 if probe.endswith("_drift_ms") else -5_000, "yes", None, [1], {"a": 1}, 1.5):
        assert Page().beat(probes={probe: nothing}) == set()


def test_two_probes_of_one_signal_raise_it_once():
    page = Page()
    assert page.beat(probes={"webdriver": True, "headless": True}) == {"webdriver"}
    assert page.state.count == {"webdriver": 1}


def test_a_beat_without_probes_is_a_light_signal():
    page = Page()
    claim = {"seq": 1, "nonce": "0" * 32, "position_ms": 0, "state": "playing", "reason": "play", "rate": 1, "hidden": False,
             "focused": True, "mono_ms": 1, "frames": 0, "mac": "0" * 64}  # fmt: skip
    state, raised = signals.score(page.state, BeatIn.parse(claim), 0)
    assert [signal.code for signal in raised] == ["unprobed"]
    assert state.score < signals.HIGH


@pytest.mark.parametrize(("name", "code"), [("pip", "windows"), ("tab", "windows"), ("mark", "mark")])
def test_a_second_window_and_a_covered_watermark_are_signals(name, code):
    page = Page()
    assert page.beat(guard={name: 1}) == {code}
    assert page.beat(14_000, guard={name: 1}) == set()


def test_an_unknown_probe_raises_nothing():
    assert Page().beat(probes={"of_a_newer_player": True}) == set()


def test_the_score_fades_by_half_in_ten_minutes():
    page = Page()
    page.beat(probes={"webdriver": True})
    assert page.state.score == 40 == signals.HIGH
    page.beat(signals.HALF_LIFE_MS, state="paused", reason="pause")
    assert page.state.score == 20
    page.beat(86_400_000, state="paused", reason="pause")
    assert (page.state.score, page.state.heat, page.state.count) == (0, {}, {"webdriver": 1})


def test_a_standing_sign_does_not_pile_up_and_the_score_stays_within_a_hundred():
    page = Page()
    for turn in range(20):
        page.beat(DRAWS[turn % 8], probes={"webdriver": True})
    assert page.state.score == 40
    for turn in range(20):
        page.beat(DRAWS[turn % 8], rate=2, mono=40_000, probes={**dict.fromkeys(signals.NOT_NATIVE, False), "headless": True})
    assert page.state.score == 100
    assert page.state.codes[0] in {"rate", "clock"}


def test_a_silence_is_judged_by_nothing_but_probes():
    page = Page()
    page.beat()
    assert page.beat(3_600_000, mono=0, still=True, idle=True) == set()


def test_every_signal_has_words_and_a_bounded_weight():
    assert {*signals.NOT_NATIVE.values(), *(code for _least, code in signals.COUNTED.values())} <= set(WEIGHTS)
    assert {*WEIGHTS, "shared_ip"} == set(words.SIGNALS)
    for code, (weight, most) in WEIGHTS.items():
        assert 0 < weight <= most <= 60
        assert words.signal_name(code) != code
        assert words.signal_text(code)


ANYTHING = st.sampled_from([None, True, False, 0, -1, 7, 2**53, 1.5, "x", [1], {"a": {}}])
NAMES = st.sampled_from([*signals.NOT_NATIVE, *signals.COUNTED, "rate", "seek", "hidden", "pip", "inputs", "x"])
SAID = st.dictionaries(NAMES, ANYTHING, max_size=4)
NUMBER = st.sampled_from([0, 1, 12_000, 15_000, 40_001, 2_000_000_000])


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER | st.just(2**53), st.floats(0, 64), SAID, SAID), max_size=12))
def test_whatever_a_browser_sends_the_state_is_storable_and_the_score_in_bounds(beats):
    page = Page()
    for gap, position, mono, rate, guard, probes in beats:
        page.beat(gap, position_ms=position, mono_ms=mono, rate=rate, guard=guard, probes=probes)
        kept = json.loads(json.dumps(page.state.as_json()))
        assert SignalState.from_json(kept) == page.state
        assert 0 <= page.state.score <= 100
        assert len(json.dumps(kept)) < 1_500


def test_a_clock_that_falls_behind_is_seen_like_one_that_hurries():
    assert Page().beat(probes={"clock_drift_ms": -1_000}) == {"timers"}
    assert Page().beat(probes={"clean_drift_ms": -999}) == set()
