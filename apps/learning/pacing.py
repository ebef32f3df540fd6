"""Media handed out no faster than it can be watched: a key or page opens a stretch of the lesson for this session (LEARNING.md, Media).

What was never handed out in a session is not paid in it (`rules.judge`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.learning import rules, spans
from apps.learning.models import StudySession
from apps.learning.spans import Span
from infra.kit.errors import DomainError

AHEAD_MS = 30_000
"""How far ahead of real time media is handed out."""


def key_spans(package: Mapping[str, Any], *, duration_ms: int) -> list[Span]:
    """Return the stretch of media that each key of a film opens, by key number; the last one reaches the measured end."""
    lengths: dict[int, int] = {}
    for segment in package.get("segments", ()):
        lengths[segment["key_no"]] = lengths.get(segment["key_no"], 0) + segment["duration_ms"]
    return _laid([lengths[number] for number in sorted(lengths)], duration_ms)


def page_spans(pages: Sequence[Mapping[str, Any]], *, duration_ms: int) -> list[Span]:
    """Return the stretch of reading time that each page stands for, in order."""
    return _laid([page["least_ms"] for page in pages], duration_ms)


def _laid(lengths: list[int], duration_ms: int) -> list[Span]:
    found, start = [], 0
    for length in lengths:
        found.append((start, start + length))
        start += length
    if found:
        found[-1] = (found[-1][0], max(found[-1][1], duration_ms))
    return found


def hand_out(row: StudySession, span: Span, *, at: datetime) -> None:
    """Note that a stretch of media is handed out to an open session; once is enough.

    :raises DomainError: 425 ``too_early`` with ``retry_in`` (s) where it begins more than 30 s ahead of what can have been watched
    """
    ahead = span[0] - _allowed_ms(row, at)
    if ahead >= 0:
        raise DomainError("too_early", _("还没有播放到这里，请稍候。"), status=425, retry_in=ahead // 1000 + 1)
    if not spans.minus((span,), row.unlocked):
        return
    with transaction.atomic():
        held = StudySession.objects.select_for_update().get(pk=row.pk)
        held.unlocked = spans.union(held.unlocked, (span,))
        held.save(update_fields=["unlocked"])


def _allowed_ms(row: StudySession, at: datetime) -> int:
    """The furthest believed point, what may have run since the last beat said it plays, and the lead."""
    since = max(0, (at - row.last_at) // timedelta(milliseconds=1)) if row.last_state == "playing" else 0
    return row.furthest_ms + min(since, rules.SILENCE_MS) + AHEAD_MS
