"""What must be in order before a version is submitted or published. Rooms above add their own gates (rights, subtitles)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: ``code`` for machines, ``text`` for people, ``courseware_id`` where it belongs to a lesson."""

    code: str
    text: Any
    courseware_id: int | None = None


Gate = Callable[[int, datetime], list[Gap]]
_gates: list[Gate] = []


def add_gate(gate: Gate) -> None:
    """Let another room refuse a version. Called in ``ready()``; the same function counts once."""
    if gate not in _gates:
        _gates.append(gate)


def gaps(version_id: int, at: datetime) -> list[Gap]:
    """Return everything that is missing; an empty list opens the way."""
    return [gap for gate in _gates for gap in gate(version_id, at)]
