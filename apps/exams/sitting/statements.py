"""The statements by hand, one round trip each: an answer is kept, or a paper opened, only while its try is open."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

_KEEP = """
WITH held AS MATERIALIZED (
  SELECT id FROM exams_attempt WHERE id = %(attempt)s AND submitted_at IS NULL AND due_at >= %(least_due)s FOR SHARE
)
INSERT INTO exams_attemptstep (attempt_id, at, kind, no, response, seq, terminal, facts)
SELECT id, %(at)s, 'ANSWERED', %(no)s, %(response)s::jsonb, %(seq)s, %(terminal)s, '{}'::jsonb FROM held
ON CONFLICT (attempt_id, seq) WHERE seq IS NOT NULL DO NOTHING
RETURNING id
"""

_OPEN = """
WITH held AS MATERIALIZED (
  SELECT id, terminal <> %(terminal)s AS is_moved FROM exams_attempt
  WHERE id = %(attempt)s AND submitted_at IS NULL AND due_at >= %(least_due)s FOR UPDATE
), opened AS (
  UPDATE exams_attempt a SET
    pages = a.pages + 1, terminal = %(terminal)s,
    proven_at = CASE WHEN held.is_moved AND %(asks)s THEN NULL ELSE a.proven_at END,
    check_due_at = CASE WHEN held.is_moved AND %(asks)s THEN %(at)s ELSE a.check_due_at END
  FROM held WHERE a.id = held.id
  RETURNING a.id, a.pages, a.leaves, a.proven_at, a.check_due_at, held.is_moved
), logged AS (
  INSERT INTO exams_attemptstep (attempt_id, at, kind, terminal, facts)
  SELECT id, %(at)s, CASE WHEN is_moved AND pages > 1 THEN 'TERMINAL' ELSE 'OPENED' END, %(terminal)s, jsonb_build_object('page', pages)
  FROM opened
)
SELECT pages, leaves, proven_at, check_due_at FROM opened
"""


class Opened(NamedTuple):
    """What a try says after its paper was opened once more."""

    pages: int
    leaves: int
    proven_at: datetime | None
    check_due_at: datetime | None


def open_paper(*, attempt_id: int, terminal: str, asks: bool, at: datetime, least_due: datetime) -> Opened | None:
    """Count and log that a paper is opened on a device; None where the try is over.

    :param asks: whether another device than before must prove who sits there
    :param least_due: the earliest end of time of a try that is still open
    """
    values: dict[str, Any] = {"attempt": attempt_id, "terminal": terminal, "asks": asks, "at": at, "least_due": least_due}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, values)
        found = cursor.fetchone()
    return Opened(*found) if found else None


def keep_answer(
    *, attempt_id: int, no: int, response: Sequence[str], seq: int, terminal: str, at: datetime, least_due: datetime
) -> bool:
    """Add an answer to the log; False where the number was used before or the try is over.

    A hand-in that runs at the same moment holds the row: whoever comes second sees what the first has done.

    :param least_due: the earliest end of time at which an answer of this moment is still taken
    """
    values: dict[str, Any] = {
        "attempt": attempt_id,
        "no": no,
        "response": json.dumps(list(response), ensure_ascii=False),
        "seq": seq,
        "terminal": terminal,
        "at": at,
        "least_due": least_due,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        return cursor.fetchone() is not None
