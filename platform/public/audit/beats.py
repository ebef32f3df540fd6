"""Reads of beats: the evidence behind the credit of one study session."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from public.audit.models import Beat


@dataclass(frozen=True, slots=True)
class BeatRow:
    """One accepted beat. ``details`` is what the page claimed besides, and what it was told."""

    at: datetime
    seq: int
    state: str
    reason: str
    position_ms: int
    paid_ms: int
    verdict: str
    details: dict[str, Any]


def beats_of(session: UUID, *, since: datetime, until: datetime | None = None, most: int = 5_000) -> list[BeatRow]:
    """Return the beats of a session in their order; an enterprise sees its own only.

    :param since: when the session was opened; ``since`` and ``until`` keep the search within the months concerned
    """
    rows = Beat.objects.filter(session=session, at__gte=since)
    if until is not None:
        rows = rows.filter(at__lte=until)
    names = ("at", "seq", "state", "reason", "position_ms", "paid_ms", "verdict", "details")
    return [BeatRow(*row) for row in rows.order_by("seq").values_list(*names)[:most]]
