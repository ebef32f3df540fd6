"""The replay of one sitting: where the player was at each moment, what was paid, and what happened besides.

Built from beats and marks alone, so that managers (own enterprise) and operators (all) see the same; row-level security decides
whose. Pure but for :func:`replay`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.audit import api as audit
from public.monitor import words
from public.monitor.models import Mark

_TONES = {"PASSED": "proven", "MISSED": "attention", "VOIDED": "stop", "RESTORED": "proven", "LOCKED": "stop"}


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time of one kind: ``paid``, ``unpaid`` (ran, but did not count) or ``idle`` (nothing ran)."""

    kind: str
    start: datetime
    end: datetime
    verdict: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a stretch of like beats (``count``), or a mark (``count`` 0)."""

    at: datetime
    until: datetime
    title: str
    text: str
    tone: str
    position_ms: int | None
    paid_ms: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything the chart and its table show. ``points`` are (moment, position in ms)."""

    points: list[tuple[datetime, int]]
    bands: list[Band]
    marks: list[Line]
    signals: list[tuple[datetime, list[str]]]
    lines: list[Line]
    paid_ms: int
    voided_ms: int

    def chart(self, duration_ms: int) -> dict[str, Any]:
        """Return what the page's script draws; moments in ms since 1970, positions in seconds."""
        return {
            "duration_s": duration_ms / 1000,
            "points": [[_ms(at), position / 1000] for at, position in self.points],
            "bands": [[band.kind, _ms(band.start), _ms(band.end), words.verdict_name(band.verdict)] for band in self.bands],
            "marks": [[_ms(at), "、".join(line.title for line in told), told[-1].tone] for at, told in self._by_moment().items()],
            "signals": [[_ms(at), "、".join(map(words.signal_name, codes))] for at, codes in self.signals],
        }

    def _by_moment(self) -> dict[datetime, list[Line]]:
        """A miss, its void and the lock happen at once: one pin says all of it."""
        found: dict[datetime, list[Line]] = {}
        for mark in self.marks:
            found.setdefault(mark.at, []).append(mark)
        return found


def replay(session: UUID, *, opened_at: datetime, until: datetime | None = None) -> Replay:
    """Return the replay of a session, of those that the current place may see."""
    beats = audit.beats_of(session, since=opened_at, until=until)
    return build(opened_at, beats, Mark.objects.filter(session=session).order_by("at", "id"))


def build(opened_at: datetime, beats: Sequence[audit.BeatRow], marks: Iterable[Mark]) -> Replay:
    """Put a replay together."""
    marks = list(marks)
    shown = sorted([*_issued(beats), *map(_mark_line, marks)], key=lambda line: line.at)
    told = [(beat.at, codes) for beat in beats if (codes := _codes(beat))]
    return Replay(
        points=[(opened_at, beats[0].position_ms if beats else 0), *((beat.at, beat.position_ms) for beat in beats)],
        bands=_bands(opened_at, beats),
        marks=shown,
        signals=_first_of_each_run(told),
        lines=sorted([*_lines(opened_at, beats), *shown], key=lambda line: line.at),
        paid_ms=sum(beat.paid_ms for beat in beats),
        voided_ms=sum(mark.ms for mark in marks if mark.kind == Mark.Kind.VOIDED),
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _codes(beat: audit.BeatRow) -> list[str]:
    found = beat.details.get("signals")
    return [str(code) for code in found] if isinstance(found, list) else []


def _first_of_each_run(told: list[tuple[datetime, list[str]]]) -> list[tuple[datetime, list[str]]]:
    """A signal that stands for an hour is one pin, not two hundred."""
    found: list[tuple[datetime, list[str]]] = []
    seen: dict[str, datetime] = {}
    for at, codes in told:
        new = [code for code in codes if code not in seen or (at - seen[code]).total_seconds() > 300]
        seen |= dict.fromkeys(codes, at)
        if new:
            found.append((at, new))
    return found


def _bands(opened_at: datetime, beats: Sequence[audit.BeatRow]) -> list[Band]:
    found: list[Band] = []
    start, state = opened_at, "opened"
    for beat in beats:
        kind = "paid" if beat.paid_ms else "unpaid" if state == "playing" else "idle"
        if found and found[-1].kind == kind and found[-1].verdict == beat.verdict:
            found[-1] = replace(found[-1], end=beat.at)
        else:
            found.append(Band(kind, start, beat.at, beat.verdict))
        start, state = beat.at, beat.state
    return found


def _lines(opened_at: datetime, beats: Sequence[audit.BeatRow]) -> list[Line]:
    """Join the beats that say the same, so that an hour of honest watching is one line."""
    found: list[Line] = []
    start, former = opened_at, ("", "", "")
    for beat in beats:
        codes = _codes(beat)
        same = (beat.verdict, beat.state, ",".join(codes))
        if found and same == former:
            last = found[-1]
            found[-1] = replace(
                last, until=beat.at, position_ms=beat.position_ms, paid_ms=last.paid_ms + beat.paid_ms, count=last.count + 1
            )
        else:
            found.append(_beat_line(start, beat, codes))
        start, former = beat.at, same
    return found


def _beat_line(start: datetime, beat: audit.BeatRow, codes: list[str]) -> Line:
    tone = "attention" if codes else "proven" if beat.paid_ms else "neutral"
    said = [words.state_name(beat.state), *map(words.signal_name, codes)]
    return Line(start, beat.at, words.verdict_name(beat.verdict), " · ".join(said), tone, beat.position_ms, beat.paid_ms, 1)


def _issued(beats: Sequence[audit.BeatRow]) -> list[Line]:
    """A check begins with the beat whose reply asks for it first; that needs no row of its own."""
    asked = [beat.details.get("command") == "challenge" for beat in beats]
    first = [beat for beat, is_asked, was in zip(beats, asked, [False, *asked], strict=False) if is_asked and not was]
    return [Line(beat.at, beat.at, str(_("要求在场核验")), "", "info", None) for beat in first]


def _mark_line(mark: Mark) -> Line:
    text = ""
    if mark.ms:
        minutes, seconds = divmod(mark.ms // 1000, 60)
        text = ngettext("%(m)d 分 %(s)02d 秒", "%(m)d 分 %(s)02d 秒", minutes) % {"m": minutes, "s": seconds}
    detail = " · ".join(part for part in (_code_name(mark.code), text) if part)
    return Line(mark.at, mark.at, str(Mark.Kind(mark.kind).label), detail, _TONES[mark.kind], None)


def _code_name(code: str) -> str:
    known = {
        "face": _("人脸核验"),
        "code": _("验证码和知识题"),
        "browsing": _("学习时浏览其他内容"),
        "identity_failed": _("身份核验未通过"),
        "interaction_timeout": _("在场核验超时未答"),
        "second_terminal": _("在另一终端学习"),
        "manual": _("人工认定"),
    }
    return known.get(code, code)
