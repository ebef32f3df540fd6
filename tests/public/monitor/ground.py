"""Sittings, beats and marks, written as an enterprise writes them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from infra.kit import clock
from public.monitor import api as monitor


def sit(*, at: datetime | None = None, **changes: Any) -> UUID:
    """Write the card of a session from within an enterprise and return the session."""
    session = uuid4()
    card = {"learner": "学**", "course": "安全培训", "lesson": "第一课", "duration_ms": 600_000, "ip": "10.1.2.3", **changes}
    monitor.opened(session=session, at=at or clock.now(), **card)
    return session


def beat(session: UUID, seq: int, at: datetime, **changes: Any) -> None:
    """Write one beat from within an enterprise."""
    row = {"state": "playing", "reason": "tick", "position_ms": seq * 15_000, "paid_ms": 15_000, "verdict": "paid", **changes}
    details = json.dumps(row.pop("details", {}))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.audit_beat (at, session, seq, state, reason, position_ms, paid_ms, verdict, details)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [at, session, seq, *(row[name] for name in ("state", "reason", "position_ms", "paid_ms", "verdict")), details],
        )


def watch(session: UUID, beats: int, *, at: datetime, **last: Any) -> datetime:
    """Write a row of honest beats of 15 s; ``last`` bends the last one."""
    for seq in range(1, beats + 1):
        beat(session, seq, at := at + timedelta(seconds=15), **(last if seq == beats else {}))
    return at
