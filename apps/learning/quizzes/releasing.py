"""Hours that do not count before their course's test is done (exclusion rule (e)): proven, held back, and released once."""

from datetime import datetime
from typing import Any

from apps.learning import holding
from apps.learning.holding import Held
from apps.learning.models import StudySession
from apps.learning.quizzes import queries


def sessions_that_wait(learner_id: int, version_id: int) -> list[int]:
    """Return the ids of a learner's sessions with a version whose hours are held back, to be locked before anything moves."""
    rows = StudySession.objects.filter(learner_id=learner_id, version_id=version_id, holds=True)
    return list(rows.values_list("pk", flat=True))


def still_holds(session: StudySession) -> bool:
    """Say whether what a locked session proves waits for its course's test; asked anew, for a session that began in the moment of
    the pass may not know of it. The caller saves ``holds``; the learner's proofs must be held.
    """
    if session.holds and not queries.holds(learner_id=session.learner_id, version_id=session.version_id):
        session.holds = False
    return session.holds


def release(held: Held, *, version_id: int, at: datetime) -> dict[str, Any]:
    """Let what was proven of a version count, if all its quizzes are passed now; what waits for a proof counts with that proof.

    :param held: the learner's locked sessions, those of :func:`sessions_that_wait` among them
    :returns: what the ledger is told: ``effective_ms`` of sittings that had ended, and each session with its ms
    """
    learner_id = held.state.learner_id
    waiting = [row for row in held.sessions if row.holds and row.version_id == version_id]
    if not waiting or queries.holds(learner_id=learner_id, version_id=version_id):
        return {"effective_ms": 0, "sessions": []}
    told = [{"session": str(row.uuid), "ms": row.held_ms, "in_sitting": row.is_open} for row in waiting if row.held_ms]
    for row in waiting:
        row.confirmed_ms, row.held_ms, row.holds = row.confirmed_ms + row.held_ms, 0, False
        row.save(update_fields=["confirmed_ms", "held_ms", "holds"])
    for courseware_id in sorted({row.courseware_id for row in waiting}):
        cover = holding.coverage_of(learner_id, courseware_id)
        cover.held = ()
        cover.save(update_fields=["held"])
    return {"effective_ms": sum(one["ms"] for one in told if not one["in_sitting"]), "sessions": told}
