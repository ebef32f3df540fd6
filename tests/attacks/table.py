"""What every attack gained: one row each, written to `build/attacks.md` and printed at the end of the run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.web import ROOT

FILE = ROOT / "build/attacks.md"
_HEAD = (
    "# Seconds that attacks gained\n\n"
    "*real* is what somebody really watched, at 1x, where it could be seen, and proved to be there; *credited* is what counts for the"
    " training afterwards; *gained* is what is credited beyond real, and must be 0. *alert* is what the server said or wrote down.\n\n"
    "| technique | by | real s | credited s | gained s | alert | defence |\n|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One attack and what came of it; times in whole milliseconds."""

    technique: str
    by: str
    real_ms: int
    credited_ms: int
    alerts: tuple[str, ...]
    defence: str

    @property
    def gained_ms(self) -> int:
        return max(0, self.credited_ms - self.real_ms)

    def cells(self) -> tuple[str, ...]:
        times = (f"{ms / 1000:.1f}".removesuffix(".0") for ms in (self.real_ms, self.credited_ms, self.gained_ms))
        return (self.technique, self.by, *times, ", ".join(self.alerts) or "none", self.defence)


class Table:
    """The rows of this run."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def enter(self, row: Row) -> None:
        """Keep a row; an attack that gained something fails here, after it was written down."""
        self.rows.append(row)
        assert row.gained_ms == 0, f"{row.technique} gained {row.gained_ms} ms beyond the {row.real_ms} ms that were real"

    def text(self) -> str:
        return _HEAD + "".join(f"| {' | '.join(row.cells())} |\n" for row in sorted(self.rows, key=lambda row: row.by))

    def write(self, path: Path = FILE) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.text(), "utf-8")
