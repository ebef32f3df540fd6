"""What every attack gained: one row each, written to `build/attacks.md` and printed at the end of the run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.web import ROOT

FILE = ROOT / "build/attacks.md"
_HEAD = (
    "# Seconds that attacks gained\n\n"
    "*watched*: somebody really saw it, at 1x, visible, counted by the test. *proven*: of that, what a passed presence check covers."
    " *counted*: what the server holds, provisional pay included. *confirmed*: what counts for the training. *gained*: counted beyond watched"
    " or confirmed beyond proven; must be 0. Where nobody watches at all (*nobody*), provisional pay is no gain: it is voided at the next"
    " check, so only what is confirmed is. *alert*: what the server answered or wrote down.\n\n"
    "| technique | by | watched s | proven s | counted s | confirmed s | gained s | alert | defence |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One attack and what came of it; times in whole milliseconds. ``pretends``: nobody watches at all."""

    technique: str
    by: str
    watched_ms: int
    proven_ms: int
    counted_ms: int
    confirmed_ms: int
    alerts: tuple[str, ...]
    defence: str
    pretends: bool = False

    @property
    def gained_ms(self) -> int:
        unwatched = 0 if self.pretends else self.counted_ms - self.watched_ms
        return max(0, unwatched, self.confirmed_ms - self.proven_ms)

    def cells(self) -> tuple[str, ...]:
        times = (self.proven_ms, self.counted_ms, self.confirmed_ms, self.gained_ms)
        watched = "nobody" if self.pretends else _seconds(self.watched_ms)
        return (self.technique, self.by, watched, *map(_seconds, times), ", ".join(self.alerts) or "none", self.defence)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f}".removesuffix(".0")


class Table:
    """The rows of this run."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def enter(self, row: Row) -> None:
        """Keep a row; an attack that gained something fails here, after it was written down."""
        self.rows.append(row)
        assert row.gained_ms == 0, f"{row.technique} gained {row.gained_ms} ms: {row}"

    def text(self) -> str:
        return _HEAD + "".join(f"| {' | '.join(row.cells())} |\n" for row in sorted(self.rows, key=lambda row: row.by))

    def write(self, path: Path = FILE) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.text(), "utf-8")
