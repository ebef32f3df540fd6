"""Appending to a learner's chain in one round trip. The tables are those of the enterprise whose role calls."""

from typing import ClassVar

from django.db import migrations

# The lock comes first and each statement sees what was committed before it, so the entry read as the last one is the last one.
APPEND = """
CREATE FUNCTION public.ledger_append(of_subject uuid, of_kind text, said text, happened timestamptz)
RETURNS TABLE (entry bigint, number integer, digest bytea) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  before bytea;
  content text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || ':ledger:' || of_subject, 0));
  SELECT e.n + 1, e.hash INTO number, before FROM records_ledgerentry e WHERE e.subject = of_subject ORDER BY e.n DESC LIMIT 1;
  IF NOT FOUND THEN
    number := 1;
    before := decode(repeat('00', 32), 'hex');
  END IF;
  content := '{"at":"' || to_char(happened AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00","body":' || said
    || ',"kind":"' || of_kind || '","n":' || number || ',"subject":"' || of_subject || '"}';
  digest := sha256(before || convert_to(content, 'UTF8'));
  INSERT INTO records_ledgerentry (subject, n, kind, body, at, prev, hash)
  VALUES (of_subject, number, of_kind, said::jsonb, happened, before, digest) RETURNING id INTO entry;
  RETURN NEXT;
END $$
"""


class Migration(migrations.Migration):
    """Function."""

    dependencies: ClassVar = [("seals", "0002_rights")]
    operations: ClassVar = [migrations.RunSQL(APPEND, "DROP FUNCTION public.ledger_append(uuid, text, text, timestamptz)")]
