"""How a study session ends: the key is wiped, the record sealed, the learner's assignments reviewed."""

from datetime import datetime

from apps.learning import sealed
from apps.learning.models import StudySession
from apps.plans import api as plans
from public.monitor import api as monitor


def end(row: StudySession, reason: str, at: datetime) -> None:
    """End a locked open session within the caller's transaction."""
    row.closed_at, row.close_reason, row.key = max(at, row.last_at), reason, b""
    row.save(update_fields=["closed_at", "close_reason", "key"])
    monitor.closed(session=row.uuid, reason=reason, at=row.closed_at)
    sealed.enter_session(row, at=at)
    plans.review_completion(learner_id=row.learner_id, at=at)
