"""Figures of each enterprise over some days, counted from the feed alone: no enterprise's schema is opened."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

# Who is on the books is told by the last record about each person until the last day; who of them trained, by the days asked for. A void, a
# correction, a revocation is no training. A try counts as it stands after the last correction of its score within these days. One
# enterprise's unreadable record must not keep the others from being counted, so nothing is cast that may fail.
_COUNT = """
WITH corrected AS (
  SELECT DISTINCT ON (schema_name, body ->> 'attempt')
    schema_name, body ->> 'attempt' AS attempt, body -> 'passed' = 'true' AS passed
  FROM regulators_feedrecord
  WHERE day BETWEEN %(first)s AND %(last)s AND kind = 'EXAM' AND body ->> 'event' = 'score_correction'
  ORDER BY schema_name, body ->> 'attempt', id DESC
), summed AS (
  SELECT f.schema_name, f.subject,
    coalesce(sum((f.body ->> 'effective_ms')::numeric) FILTER
      (WHERE f.kind = 'SESSION' AND jsonb_typeof(f.body -> 'effective_ms') = 'number'), 0) AS effective_ms,
    count(*) FILTER (WHERE f.kind = 'EXAM' AND NOT f.body ? 'event') AS exams,
    count(*) FILTER
      (WHERE f.kind = 'EXAM' AND NOT f.body ? 'event' AND coalesce(c.passed, f.body -> 'passed' = 'true')) AS exams_passed,
    count(*) FILTER (WHERE f.kind = 'CERTIFICATE' AND NOT f.body ? 'event') AS certificates
  FROM regulators_feedrecord f
  LEFT JOIN corrected c ON f.kind = 'EXAM' AND c.schema_name = f.schema_name AND c.attempt = f.body ->> 'attempt'
  WHERE f.day BETWEEN %(first)s AND %(last)s AND f.kind IN ('SESSION', 'EXAM', 'CERTIFICATE') GROUP BY f.schema_name, f.subject
), acts AS (
  SELECT *, effective_ms > 0 OR exams > 0 OR certificates > 0 AS trained FROM summed
), told AS (
  SELECT DISTINCT ON (schema_name, subject) schema_name, subject, body ->> 'status' AS status
  FROM regulators_feedrecord WHERE kind = 'LEARNER' AND day <= %(last)s ORDER BY schema_name, subject, id DESC
), done AS (
  SELECT schema_name, count(*) FILTER (WHERE trained) AS people, least(sum(effective_ms), 1e15)::bigint AS effective_ms,
    sum(exams)::bigint AS exams, sum(exams_passed)::bigint AS exams_passed, sum(certificates)::bigint AS certificates
  FROM acts GROUP BY schema_name
), books AS (
  SELECT t.schema_name, count(*) AS on_books, count(*) FILTER (WHERE a.trained) AS covered
  FROM told t LEFT JOIN acts a USING (schema_name, subject)
  WHERE t.status IS DISTINCT FROM 'ARCHIVED'
    AND t.schema_name NOT IN (SELECT schema_name FROM tenants_enterprise WHERE status = 'CLOSED')
  GROUP BY t.schema_name
), heard AS (
  SELECT schema_name, count(*) AS complaints, count(*) FILTER (
    WHERE CASE WHEN pg_input_is_valid(body ->> 'decided_at', 'timestamptz') AND pg_input_is_valid(body ->> 'promised_at', 'timestamptz')
      THEN (body ->> 'decided_at')::timestamptz <= (body ->> 'promised_at')::timestamptz ELSE false END) AS complaints_in_time
  FROM (
    SELECT DISTINCT ON (schema_name, subject) schema_name, subject, body FROM regulators_feedrecord
    WHERE day BETWEEN %(first)s AND %(last)s AND kind = 'COMPLAINT' AND body ? 'decided_at' ORDER BY schema_name, subject, id DESC
  ) decided GROUP BY schema_name
)
SELECT schema_name, coalesce(on_books, 0), coalesce(covered, 0), coalesce(people, 0), coalesce(effective_ms, 0),
  coalesce(exams, 0), coalesce(exams_passed, 0), coalesce(certificates, 0), coalesce(complaints, 0), coalesce(complaints_in_time, 0)
FROM done FULL JOIN books USING (schema_name) FULL JOIN heard USING (schema_name) ORDER BY schema_name
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one enterprise did over some days. ``covered``: of the people on the books, who trained; ``people``: all who trained: confirmed
    time is left of theirs, they sat an exam, or were issued a certificate. A closed enterprise has nobody on its books.

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
