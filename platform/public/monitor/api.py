"""Front door of the monitor: cards and marks that the engine writes, and the replay of one sitting."""

from datetime import datetime
from uuid import UUID

from public.monitor.models import Mark, Sitting
from public.monitor.replay import Replay, replay
from public.monitor.words import ALERT_SCORE, signal_name, signal_text, state_name

Kind = Mark.Kind

__all__ = [
    "ALERT_SCORE",
    "Kind",
    "Replay",
    "closed",
    "mark",
    "opened",
    "replay",
    "signal_name",
    "signal_text",
    "state_name",
    "studying",
]


def opened(*, session: UUID, learner: str, course: str, lesson: str, duration_ms: int, ip: str, at: datetime) -> None:
    """Write the card of a new study session; part of the caller's transaction.

    :param learner: the masked name; no other name may leave the enterprise
    """
    Sitting.objects.create(
        session=session, learner=learner, course=course, lesson=lesson, duration_ms=duration_ms, ip=ip, opened_at=at
    )


def closed(*, session: UUID, reason: str, at: datetime) -> None:
    """Note that a study session ended; a session from before the monitor has no card and needs none."""
    Sitting.objects.filter(session=session, closed_at=None).update(closed_at=at, close_reason=reason)


def mark(*, session: UUID, kind: str, at: datetime, code: str = "", ms: int = 0) -> None:
    """Put a mark on the timeline of a session; part of the caller's transaction.

    :param kind: a value of ``Kind``
    :param ms: the time concerned, e.g. of a void
    """
    Mark.objects.create(session=session, kind=Mark.Kind(kind), at=at, code=code, ms=ms)


def studying() -> int:
    """Return how many study sessions are open, over all enterprises."""
    return Sitting.objects.filter(closed_at=None).count()
