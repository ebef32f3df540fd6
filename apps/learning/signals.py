"""Cheat signals: what a beat says about the machine behind it, as points that fade (design LEARNING.md, Alerts).

Everything here comes from the browser or from the rhythm of its beats, so it proves nothing: a signal never pauses, voids or
punishes. The score only makes presence checks more frequent and shows on the boards. Pure: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from public.monitor.words import ALERT_SCORE

if TYPE_CHECKING:
    from apps.learning.shapes import BeatIn

HIGH = ALERT_SCORE
"""From this score on, checks come every 2-4 minutes and the session is listed among the alerts."""
WEIGHTS: Mapping[str, tuple[int, int]] = {
    "rate": (30, 60),
    "rate_corrected": (15, 45),
    "seek_corrected": (10, 30),
    "strike": (20, 60),
    "clock": (30, 60),
    "regular": (15, 30),
    "no_input": (15, 30),
    "frozen": (25, 50),
    "restless": (5, 15),
    "windows": (10, 20),
    "mark": (15, 30),
    "unprobed": (10, 20),
    "webdriver": (40, 40),
    "scripted": (15, 30),
    "setters": (30, 30),
    "visibility": (30, 30),
    "timers": (20, 40),
    "listeners": (20, 20),
}
"""Signal -> (points each time it is raised, points at most). What they say in words: `public.monitor`."""
HALF_LIFE_MS = 600_000
"""A signal that is not raised again has half its weight after 10 minutes."""
NOT_NATIVE: Mapping[str, str] = {
    "rate_native": "setters",
    "time_native": "setters",
    "play_native": "setters",
    "visibility_native": "visibility",
    "visibility_agrees": "visibility",
    "focus_agrees": "visibility",
    "listener_native": "listeners",
    "timer_native": "timers",
}
"""Probe that is true in an honest browser -> signal that it raises when it is false (README.md has the table)."""
COUNTED: Mapping[str, tuple[int, str]] = {
    "webdriver": (1, "webdriver"),
    "headless": (1, "webdriver"),
    "own_props": (1, "setters"),
    "clock_drift_ms": (1_000, "timers"),
    "clean_drift_ms": (1_000, "timers"),
    "timer_percent": (115, "timers"),
    "untrusted": (1, "scripted"),
}
"""Probe -> (from which number on, true counting as 1, signal that it raises)."""

_SILENCE_MS = 40_000
_LEAST_GAP_MS, _DRIFT_PERMILLE, _DRIFTS, _AGREEING = 5_000, 30, 8, 6
_FAST_PERCENT, _FAST_SLACK_MS = 102, 1_500
_FROZEN_MS = 30_000
_STILL_MS = 30 * 60_000
_TICKS, _SAME_GAP_MS, _SAME_BEAT_MS = 8, 300, 4
_MANY_SEEKS, _MANY_LEAVES = 3, 4
_MOST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign that something may be wrong. ``code`` is stable; ``weight`` the points it adds to the score."""

    code: str
    weight: int


@dataclass(slots=True)
class SignalState:
    """What is remembered of a session between two beats; kept as JSON in its row.

    ``heat`` code -> hundredths of a point; ``count`` code -> how often it was raised. ``ticks`` the last gaps in ms between
    mere ticks, ``drifts`` by how many thousandths the browser's clock ran faster than ours. ``still_ms`` played without a trusted
    input, ``frozen_ms`` played without a new frame. The rest is what the last beat said; -1: not said yet.
    """

    heat: Mapping[str, int] = field(default_factory=dict)
    count: Mapping[str, int] = field(default_factory=dict)
    ticks: Sequence[int] = field(default_factory=list)
    drifts: Sequence[int] = field(default_factory=list)
    still_ms: int = 0
    frozen_ms: int = 0
    mono_ms: int = -1
    position_ms: int = 0
    frames: int = -1
    playing: bool = False
    seeks: int = 0
    rates: int = 0
    leaves: int = 0
    windows: int = 0
    marks: int = 0

    @property
    def score(self) -> int:
        """0 to 100."""
        return min(100, sum(self.heat.values()) // 100)

    @property
    def codes(self) -> list[str]:
        """The signals that still count at least one point, heaviest first."""
        return sorted((code for code, heat in self.heat.items() if heat >= 100), key=lambda code: (-self.heat[code], code))

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps; fields at their default are left out."""
        return {name: value for name in _DEFAULTS if (value := getattr(self, name)) != _DEFAULTS[name]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> SignalState:
        """Return the state that a row keeps; ``{}`` is a fresh session."""
        known: dict[str, Any] = {name: kept[name] for name in _DEFAULTS if name in kept}
        return cls(**known)


_DEFAULTS = {one.name: one.default_factory() if callable(one.default_factory) else one.default for one in fields(SignalState)}


def score(previous: SignalState, claim: BeatIn, gap_ms: int) -> tuple[SignalState, tuple[Signal, ...]]:
    """Return the state after a beat and the signals that it raises.

    :param gap_ms: milliseconds since the beat before, or since the opening, by the server's clock
    """
    gap_ms = max(0, gap_ms)
    now = _seen(previous, claim, gap_ms)
    codes = [*_raised(previous, now, claim, gap_ms), *dict.fromkeys(_probed(claim.probes))]
    if previous.heat or codes:
        fade = 0.5 ** (min(gap_ms, 86_400_000) / HALF_LIFE_MS)
        heat = {code: left for code, points in previous.heat.items() if (left := round(points * fade)) >= 50}
        count = dict(previous.count)
        for code in codes:
            weight, most = WEIGHTS[code]
            heat[code] = min(most * 100, heat.get(code, 0) + weight * 100)
            count[code] = min(_MOST, count.get(code, 0) + 1)
        now.heat, now.count = heat, count
    return now, tuple(Signal(code, WEIGHTS[code][0]) for code in codes)


def _seen(was: SignalState, claim: BeatIn, gap_ms: int) -> SignalState:
    """Return the state with what this beat says and what it adds up to, before any judgement."""
    guard, frames, mono_ms = claim.guard, min(claim.frames, _MOST), min(claim.mono_ms, _MOST)
    ran = gap_ms if was.playing and gap_ms <= _SILENCE_MS else 0
    stands = frames == was.frames and frames > 0 and ran > 0
    return SignalState(
        heat=was.heat,
        count=was.count,
        ticks=[*was.ticks, min(gap_ms, _MOST)][-_TICKS:] if claim.reason == "tick" else was.ticks,
        drifts=_drifts(was, mono_ms, gap_ms),
        still_ms=0 if _number(claim.probes.get("inputs"), 1) else min(_MOST, was.still_ms + ran),
        frozen_ms=min(_MOST, was.frozen_ms + ran) if stands else 0,
        mono_ms=mono_ms,
        position_ms=claim.position_ms,
        frames=frames,
        playing=claim.state == "playing" and not claim.hidden,
        seeks=_number(guard.get("seek"), 0),
        rates=_number(guard.get("rate"), 0),
        leaves=_number(guard.get("hidden"), 0) + _number(guard.get("blur"), 0),
        windows=_number(guard.get("pip"), 0) + _number(guard.get("tab"), 0),
        marks=_number(guard.get("mark"), 0),
    )


def _drifts(was: SignalState, mono_ms: int, gap_ms: int) -> Sequence[int]:
    """Add the drift of this gap; a silence (a sleeping machine) begins anew, short gaps say nothing."""
    if was.mono_ms < 0 or gap_ms > _SILENCE_MS:
        return []
    if gap_ms < _LEAST_GAP_MS:
        return was.drifts
    drift = (mono_ms - was.mono_ms - gap_ms) * 1000 // gap_ms
    return [*was.drifts, max(-10_000, min(10_000, drift))][-_DRIFTS:]


def _raised(was: SignalState, now: SignalState, claim: BeatIn, gap_ms: int) -> Iterator[str]:
    if now.playing and abs(claim.rate - 1) > 0.01:
        yield "rate"
    if now.rates > was.rates:
        yield "rate_corrected"
    if now.seeks >= was.seeks + _MANY_SEEKS:
        yield "seek_corrected"
    if now.leaves >= was.leaves + _MANY_LEAVES:
        yield "restless"
    if now.windows > was.windows:
        yield "windows"
    if now.marks > was.marks:
        yield "mark"
    if was.playing and gap_ms <= _SILENCE_MS and _is_fast(now.position_ms - was.position_ms, gap_ms):
        yield "strike"
    if _is_adrift(was, now):
        yield "clock"
    if claim.reason == "tick" and _is_regular(now.ticks):
        yield "regular"
    if now.still_ms >= _STILL_MS:
        yield "no_input"
    if now.frozen_ms >= _FROZEN_MS:
        yield "frozen"
    if not claim.probes:
        yield "unprobed"


def _probed(probes: Mapping[str, Any]) -> Iterator[str]:
    for name, value in probes.items():
        if name in NOT_NATIVE:
            if value is False:
                yield NOT_NATIVE[name]
        elif name in COUNTED and _number(_size(name, value), 0) >= COUNTED[name][0]:
            yield COUNTED[name][1]


def _size(name: str, value: object) -> object:
    """Return a drift without its sign: a clock that falls behind or runs backwards is as wrong as one that hurries."""
    return abs(value) if name.endswith("_drift_ms") and isinstance(value, int) else value


def _is_fast(advance_ms: int, gap_ms: int) -> bool:
    return advance_ms * 100 > gap_ms * _FAST_PERCENT + _FAST_SLACK_MS * 100


def _is_adrift(was: SignalState, now: SignalState) -> bool:
    """Say whether the clock ran back, or most gaps agree that it is wrong: a late network makes one too long and the next too short."""
    ahead = sum(drift > _DRIFT_PERMILLE for drift in now.drifts)
    behind = sum(drift < -_DRIFT_PERMILLE for drift in now.drifts)
    return now.mono_ms < was.mono_ms or max(ahead, behind) >= _AGREEING


def _is_regular(ticks: Sequence[int]) -> bool:
    """Say whether beats come too evenly: our draws of 12-18 s are not followed, or no network shakes whole seconds."""
    if len(ticks) < _TICKS:
        return False
    beats = sorted(gap % 1000 for gap in ticks)
    holes = [after - before for before, after in zip(beats, [*beats[1:], beats[0] + 1000], strict=True)]
    return max(ticks) - min(ticks) <= _SAME_GAP_MS or 1000 - max(holes) <= _SAME_BEAT_MS


def _number(value: object, otherwise: int) -> int:
    """Return a count that the browser sent, true as 1; whatever is no count is ``otherwise``."""
    if isinstance(value, int) and value >= 0:
        return value if value < _MOST else _MOST
    return otherwise


__all__ = ["COUNTED", "HALF_LIFE_MS", "HIGH", "NOT_NATIVE", "WEIGHTS", "Signal", "SignalState", "score"]
