"""The one way by which a name leaves what only grows: for a person who is erased, by a function of the owner's, and nothing but the name.

The triggers of the two tables call `refuse_change_but_forgetting`: it lets exactly this change through, whoever makes it, and nobody but
the owner may make any.
"""

from typing import ClassVar

from django.db import migrations

# A change of a history: names and numbers go, which fields were changed by whom and when stays.
# A certificate: the name becomes the masked one that strangers see anyway, so the signed listing still holds.
REFUSE = """
CREATE FUNCTION public.refuse_change_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'people_change' THEN
    IF NEW.name = '—' AND NEW.changes = '{}'::jsonb
       AND to_jsonb(NEW) - 'name' - 'changes' = to_jsonb(OLD) - 'name' - 'changes' THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'records_certificate' THEN
    IF NEW.body = OLD.body || jsonb_build_object('name', OLD.listing -> 'name', 'masked_id', '—')
       AND to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% on %.% is refused: the record only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$
"""

# Works on the schema of the caller's role alone, and only for somebody whose name is gone from the row of people already and whose
# erasure the ledger, which is sealed, says a manager granted: nothing is forgotten without a trace.
FORGET = """
CREATE FUNCTION public.privacy_forget(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  here text := enterprise_schema();
  gone boolean;
BEGIN
  IF here !~ '^e_[0-9a-z]{12}$' THEN
    RAISE EXCEPTION 'no enterprise: %', here USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('SELECT erased_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM %1$I.records_ledgerentry e WHERE e.subject = $1 AND e.kind = ''REQUEST''
      AND e.body ->> ''kind'' = ''ERASURE'' AND e.body ->> ''state'' = ''APPROVED'')
    FROM %1$I.people_learner WHERE uuid = $1', here) INTO gone USING person;
  IF gone IS NOT TRUE THEN
    RAISE EXCEPTION 'this person is not erased' USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('UPDATE %I.people_change SET name = ''—'', changes = ''{}'' WHERE kind = ''LEARNER'' AND subject = $1::text', here)
    USING person;
  EXECUTE format('UPDATE %I.records_certificate SET body = body || jsonb_build_object(''name'', listing -> ''name'', ''masked_id'', ''—'')
    WHERE subject = $1', here) USING person;
END $$
"""


class Migration(migrations.Migration):
    """Functions."""

    dependencies: ClassVar = [("privacy", "0002_laws"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION public.refuse_change_but_forgetting()"),
        migrations.RunSQL(FORGET, "DROP FUNCTION public.privacy_forget(uuid)"),
    ]
