"""The one statement by hand: keep an answer only while its try is open, in one round trip and without reading the paper again."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

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
