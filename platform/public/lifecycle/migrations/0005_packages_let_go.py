"""A package lets go of whom it tells, besides its key, while a destruction of its enterprise runs; what else it says stays as it was verified.

Without it the guard of packages refused what `destruction_forget` does to them, and no destruction of an enterprise with old months came to its end.
"""

from typing import ClassVar

from django.db import migrations

STAYS = """
CREATE OR REPLACE FUNCTION public.retention_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - 'key_sealed' = to_jsonb(OLD) - 'key_sealed' THEN
      RETURN NEW;  -- keys are sealed anew when the enterprise's key changes
    END IF;
    IF octet_length(NEW.key_sealed) = 0 AND NEW.learners = '{}'
       AND to_jsonb(NEW) - 'key_sealed' - 'learners' = to_jsonb(OLD) - 'key_sealed' - 'learners' THEN
      IF public.destruction_runs(OLD.schema_name) THEN  -- asked last: no enterprise may look there
        RETURN NEW;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION '% on % is refused: a package stays as it was verified', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""
STAYED = """
CREATE OR REPLACE FUNCTION public.retention_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'key_sealed' = to_jsonb(OLD) - 'key_sealed' THEN
    RETURN NEW;  -- keys are sealed anew when the enterprise's key changes
  END IF;
  RAISE EXCEPTION '% on % is refused: a package stays as it was verified', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""


class Migration(migrations.Migration):
    """Function."""

    dependencies: ClassVar = [("lifecycle", "0004_destroyed_by_two"), ("retention", "0008_destroyed")]
    operations: ClassVar = [migrations.RunSQL(STAYS, STAYED)]
