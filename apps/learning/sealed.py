"""What learning enters in the ledger, and through it in the authority's feed (clauses 四.6 and 七.1).

The sum of ``effective_ms`` over a learner's entries is the confirmed time, whatever the order of proofs and sittings: a sitting's entry
tells what was confirmed until it ended, a later proof or correction adds only what belongs to sittings that had ended by then.
Provisional and voided time is told beside it and is never effective; neither is time that waits for a course's test (``held_ms``)
before that was passed: then the test's own entry tells it (`quizzes.telling`).
"""

from datetime import datetime
from typing import Any

from apps.learning.models import PresenceCheck, StudySession, Void
from apps.people import api as people
from apps.records import api as records

Reason = StudySession.CloseReason


def enter_session(row: StudySession, *, at: datetime) -> None:
    """Seal a sitting that has just ended."""
    learner = people.learner(row.learner_id)
    records.append_entry(kind="STUDY_SESSION", subject=learner.uuid, body=_session(row, learner), at=at)


def enter_proof(check: PresenceCheck, confirmed: list[tuple[StudySession, int]], *, held_ms: int = 0, at: datetime) -> None:
    """Enter a passed check with the pay that it confirmed, by session, and how much it proved that waits for a course's test."""
    learner = people.learner(check.learner_id)
    body = {
        "event": "proof",
        **_person(learner),
        "check": str(check.uuid),
        "kind": check.kind,
        "issued": check.issued_at.isoformat(),
        "answered": at.isoformat(),
        "confirmed_ms": sum(ms for _, ms in confirmed),
        "effective_ms": sum(ms for row, ms in confirmed if not row.is_open),
        "sessions": [{**_lesson(row), "ms": ms, "in_sitting": row.is_open} for row, ms in confirmed],
        "digests": check.evidence.get("digests", []),
        **({"held_ms": held_ms} if held_ms else {}),
    }
    records.append_entry(kind="PROOF", subject=learner.uuid, body=body, at=at)


def enter_void(void: Void, row: StudySession, *, at: datetime) -> None:
    """Enter pay that was taken back; it was provisional, so nothing effective is lost."""
    learner = people.learner(void.learner_id)
    body = {
        "event": "void",
        **_person(learner),
        **_lesson(row),
        "void": str(void.uuid),
        "reason": void.code,
        "voided_ms": void.ms,
        "effective_ms": 0,
        "spans": [list(part) for part in void.spans],
        "days": void.days,
        "evidence": void.evidence,
    }
    records.append_entry(kind="VOID", subject=learner.uuid, body=body, at=at)


def enter_correction(void: Void, row: StudySession, *, at: datetime) -> None:
    """Enter a decision about a void."""
    learner = people.learner(void.learner_id)
    body = {
        "event": "correction",
        **_person(learner),
        **_lesson(row),
        "void": str(void.uuid),
        "decision": void.state,
        "by": void.decided_by,
        "reason": void.decision,
        "restored_ms": void.restored_ms,
        "effective_ms": 0 if row.is_open or row.holds else void.restored_ms,
    }
    records.append_entry(kind="CORRECTION", subject=learner.uuid, body=body, at=at)


def _person(learner: people.LearnerView) -> dict[str, Any]:
    return {"learner": str(learner.uuid), "person_key": learner.person_key, "masked_id": learner.masked_id}


def _lesson(row: StudySession) -> dict[str, Any]:
    course = {"code": row.course_code, "title": row.course_title, "version": row.version_no, "version_id": row.version_id}
    lesson = {"id": row.courseware_id, "title": row.courseware_title, "media": str(row.media)}
    return {"session": str(row.uuid), "course": course, "courseware": lesson}


def _session(row: StudySession, learner: people.LearnerView) -> dict[str, Any]:
    """Return the statutory record of one sitting: who, what, from when to when, where, and what counts of it."""
    silent = row.close_reason in {Reason.IDLE, Reason.TAKEN_OVER} or row.closed_at is None
    end = row.last_at if silent else row.closed_at
    return {
        **_person(learner),
        **_lesson(row),
        "assignment": row.assignment_id,
        "duration_ms": row.duration_ms,
        "start": row.opened_at.isoformat(),
        "end": (end or row.last_at).isoformat(),
        "ip": row.ip,
        "terminal": row.terminal,
        "effective_s": row.confirmed_ms // 1000,
        "effective_ms": row.confirmed_ms,
        "provisional_ms": row.credited_ms - row.confirmed_ms - row.held_ms,
        **({"held_ms": row.held_ms} if row.holds else {}),
        "voided_ms": row.voided_ms,
        "voids": [{"void": str(void.uuid), "reason": void.code, "ms": void.ms} for void in row.voids.order_by("id")],
        "checks": [_check(check) for check in row.checks.order_by("id")],
        "beats": row.seq,
        "reason": row.close_reason,
    }


def _check(row: PresenceCheck) -> dict[str, Any]:
    return {
        "check": str(row.uuid),
        "kind": row.kind,
        "issued": row.issued_at.isoformat(),
        "outcome": row.outcome or "open",
        "digests": row.evidence.get("digests", []),
    }
