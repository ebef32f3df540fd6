"""The trigger asks itself whether the person is erased: the owner's hand may empty nobody else's history either."""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION public.refuse_change_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erased constant text := 'SELECT EXISTS (SELECT 1 FROM %I.people_learner WHERE uuid = $1::uuid AND erased_at IS NOT NULL)';
  gone boolean := false;
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'people_change' THEN
    IF OLD.kind = 'LEARNER' AND NEW.name = '—' AND NEW.changes = '{}'::jsonb
       AND to_jsonb(NEW) - 'name' - 'changes' = to_jsonb(OLD) - 'name' - 'changes' THEN
      EXECUTE format(erased, TG_TABLE_SCHEMA) INTO gone USING OLD.subject::text;
    END IF;
  ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'records_certificate' THEN
    IF NEW.body = OLD.body || jsonb_build_object('name', OLD.listing -> 'name', 'masked_id', '—')
       AND to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body' THEN
      EXECUTE format(erased, TG_TABLE_SCHEMA) INTO gone USING OLD.subject::text;
    END IF;
  END IF;
  IF gone THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% on %.% is refused: the record only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$
"""


class Migration(migrations.Migration):
    """A stricter function."""

    dependencies: ClassVar = [("privacy", "0003_forget")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, migrations.RunSQL.noop)]
