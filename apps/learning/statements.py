"""The SQL of the beat. Tables are found by the search path: the enterprise's own schema, then `public`."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.learning import rules, spans
from apps.learning.pipeline import Row, Statement
from apps.learning.rules import Verdict
from apps.learning.shapes import BeatIn

_LOCK_SESSION = """
SELECT id, uuid, learner_id, person_key, courseware_id, duration_ms, terminal, closed_at, close_reason, seq, nonce, key, last_at,
       last_state, accepted_ms, furthest_ms, forward_ms, playing_ms, credited_ms, strikes, last_mac,
       last_reply::text AS last_reply
FROM learning_studysession WHERE uuid = %(session)s FOR UPDATE
"""
# A second statement sees what a beat that held the lock has written; a join in the first would see it as it was before.
_LOCK_PERSON = """
SELECT public.person_lock_day(s.person_key, %(earlier)s) AS used_earlier,
       public.person_lock_day(s.person_key, %(today)s) AS used_today,
       public.person_holds_lease(s.person_key, s.uuid) AS holds_lease,
       c.spans::text AS covered
FROM learning_studysession s
JOIN learning_coverage c ON c.learner_id = s.learner_id AND c.courseware_id = s.courseware_id
WHERE s.uuid = %(session)s
"""
_LOCK_PERSON_ONE_DAY = _LOCK_PERSON.replace("public.person_lock_day(s.person_key, %(earlier)s)", "0")
_SESSION = """
UPDATE learning_studysession
SET seq = %(seq)s, nonce = %(nonce)s, last_at = %(at)s, last_state = %(state)s, accepted_ms = %(accepted)s,
    furthest_ms = %(furthest)s, forward_ms = %(forward)s, playing_ms = %(playing)s, credited_ms = %(credited)s,
    strikes = %(strikes)s, last_mac = %(mac)s, last_reply = %(reply)s::jsonb, next_in = %(next_in)s
WHERE id = %(id)s
"""
_COVERAGE = """
UPDATE learning_coverage SET spans = spans + %(paid)s::int8multirange, position_ms = %(position)s, updated_at = %(at)s
WHERE learner_id = %(learner)s AND courseware_id = %(courseware)s
"""
_BEAT = """
INSERT INTO public.audit_beat (at, session, seq, state, reason, position_ms, paid_ms, verdict, details)
VALUES (%(at)s, %(session)s, %(seq)s, %(state)s, %(reason)s, %(position)s, %(paid)s, %(verdict)s, %(details)s::jsonb)
"""
_DEBIT = "SELECT public.person_debit_day(%(person)s, %(day)s, %(ms)s, %(cap)s)"


def lock_session(session: UUID) -> Statement:
    """Lock a session and read it."""
    return _LOCK_SESSION, {"session": session}


def lock_person(session: UUID, earlier: date, today: date) -> Statement:
    """Lock the person's day (both around midnight, the earlier first) and read lease and coverage."""
    if earlier == today:
        return _LOCK_PERSON_ONE_DAY, {"session": session, "today": today}
    return _LOCK_PERSON, {"session": session, "earlier": earlier, "today": today}


def write(row: Row, claim: BeatIn, verdict: Verdict, reply: dict[str, Any], mac: str, *, at: datetime) -> tuple[Statement, ...]:
    """Return what an accepted beat writes: session, coverage, evidence, and the debit of each day it was paid on."""
    debits = [(_DEBIT, {"person": row["person_key"], "day": day, "ms": ms, "cap": rules.DAY_MS}) for day, ms in verdict.by_day]
    session = _session(row, claim, verdict, reply, mac=mac, at=at)
    return (session, _coverage(row, verdict, at), _evidence(row, claim, verdict, at), *debits)


def _session(row: Row, claim: BeatIn, verdict: Verdict, reply: dict[str, Any], *, mac: str, at: datetime) -> Statement:
    return _SESSION, {
        "id": row["id"],
        "seq": claim.seq,
        "nonce": reply["nonce"],
        "at": at,
        "state": rules.state_after(claim.as_claim()),
        "accepted": verdict.accepted_ms,
        "furthest": verdict.furthest_ms,
        "forward": verdict.forward_ms,
        "playing": verdict.playing_ms,
        "credited": reply["credited_ms"],
        "strikes": row["strikes"] + (verdict.code == "too_fast"),
        "mac": mac,
        "reply": json.dumps(reply),
        "next_in": reply["next_in"],
    }


def _coverage(row: Row, verdict: Verdict, at: datetime) -> Statement:
    return _COVERAGE, {
        "paid": spans.to_text(verdict.paid),
        "position": verdict.accepted_ms,
        "at": at,
        "learner": row["learner_id"],
        "courseware": row["courseware_id"],
    }


def _evidence(row: Row, claim: BeatIn, verdict: Verdict, at: datetime) -> Statement:
    return _BEAT, {
        "at": at,
        "session": row["uuid"],
        "seq": claim.seq,
        "state": rules.state_after(claim.as_claim()),
        "reason": claim.reason,
        "position": claim.position_ms,
        "paid": verdict.paid_ms,
        "verdict": verdict.code,
        "details": json.dumps({**claim.evidence(), "command": verdict.command}),
    }
