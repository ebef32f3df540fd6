"""Figures of each enterprise over some days, counted from the feed alone: no enterprise's schema is opened."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

# Who is on the books is told by the last record about each person until the last day; who of them trained, by the days asked for.
_COUNT = """
WITH acts AS (
  SELECT schema_name, subject,
    coalesce(sum((body ->> 'effective_ms')::numeric) FILTER
      (WHERE kind = 'SESSION' AND jsonb_typeof(body -> 'effective_ms') = 'number'), 0) AS effective_ms,
    count(*) FILTER (WHERE kind = 'EXAM' AND NOT body ? 'event') AS exams,
    count(*) FILTER (WHERE kind = 'EXAM' AND NOT body ? 'event' AND body -> 'passed' = 'true') AS exams_passed,
    count(*) FILTER (WHERE kind = 'CERTIFICATE' AND NOT body ? 'event') AS certificates
  FROM regulators_feedrecord
  WHERE day BETWEEN %(first)s AND %(last)s AND kind IN ('SESSION', 'EXAM', 'CERTIFICATE') GROUP BY schema_name, subject
), told AS (
  SELECT DISTINCT ON (schema_name, subject) schema_name, subject, body ->> 'status' AS status
  FROM regulators_feedrecord WHERE kind = 'LEARNER' AND day <= %(last)s ORDER BY schema_name, subject, id DESC
), done AS (
  SELECT schema_name, count(*) AS people, sum(effective_ms)::bigint AS effective_ms, sum(exams)::bigint AS exams,
    sum(exams_passed)::bigint AS exams_passed, sum(certificates)::bigint AS certificates
  FROM acts GROUP BY schema_name
), books AS (
  SELECT t.schema_name, count(*) AS on_books, count(a.subject) AS covered
  FROM told t LEFT JOIN acts a USING (schema_name, subject) WHERE t.status IS DISTINCT FROM 'ARCHIVED' GROUP BY t.schema_name
), heard AS (
  SELECT schema_name, count(*) AS complaints,
    count(*) FILTER (WHERE (body ->> 'decided_at')::timestamptz <= (body ->> 'promised_at')::timestamptz) AS complaints_in_time
  FROM (
    SELECT DISTINCT ON (subject) schema_name, subject, body FROM regulators_feedrecord
    WHERE day BETWEEN %(first)s AND %(last)s AND kind = 'COMPLAINT' AND body ? 'decided_at' ORDER BY subject, id DESC
  ) decided GROUP BY schema_name
)
SELECT schema_name, coalesce(on_books, 0), coalesce(covered, 0), coalesce(people, 0), coalesce(effective_ms, 0),
  coalesce(exams, 0), coalesce(exams_passed, 0), coalesce(certificates, 0), coalesce(complaints, 0), coalesce(complaints_in_time, 0)
FROM done FULL JOIN books USING (schema_name) FULL JOIN heard USING (schema_name) ORDER BY schema_name
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one enterprise did over some days. ``covered``: of the people on the books, who trained; ``people``: all who trained.

    ``complaints`` were decided in these days, ``complaints_in_time`` of them within the promised time.
    """

    schema_name: str
    on_books: int
    covered: int
    people: int
    effective_ms: int
    exams: int
    exams_passed: int
    certificates: int
    complaints: int
    complaints_in_time: int


def count(first: date, last: date) -> list[Counted]:
    """Return the figures of each enterprise that has people on the books or did anything from ``first`` to ``last``; one query, on the platform."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"first": first, "last": last})
        return [Counted(schema, *(int(value) for value in values)) for schema, *values in cursor.fetchall()]
