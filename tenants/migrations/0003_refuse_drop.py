"""What only grows cannot be dropped either: neither a table, nor its triggers, nor the schema around them (decision 22)."""

from typing import ClassVar

from django.db import migrations

# The triggers of an append-only table go with it, however it goes; so they tell of every way at once.
REFUSE = """
CREATE FUNCTION public.refuse_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE lost text;
BEGIN
  IF current_setting('anxue.may_drop', true) = 'yes' THEN
    RETURN;
  END IF;
  SELECT object_identity INTO lost FROM pg_event_trigger_dropped_objects()
  WHERE object_type = 'trigger' AND address_names[array_upper(address_names, 1)] IN ('only_grows', 'only_grows_t') LIMIT 1;
  IF lost IS NOT NULL THEN
    RAISE EXCEPTION '% is refused: % guards a record that only grows', tg_tag, lost USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$
"""

# Event triggers are a superuser's. Where the owner is none, the answer is false and an administrator makes it by hand.
GUARD = """
CREATE FUNCTION public.guard_against_drops() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_event_trigger WHERE evtname = 'only_grows') THEN
    CREATE EVENT TRIGGER only_grows ON sql_drop EXECUTE FUNCTION public.refuse_drop();
    ALTER EVENT TRIGGER only_grows ENABLE ALWAYS;
  END IF;
  RETURN true;
EXCEPTION WHEN insufficient_privilege THEN
  RETURN false;
END $$
"""


class Migration(migrations.Migration):
    """Event trigger."""

    dependencies: ClassVar = [("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION public.refuse_drop()"),
        migrations.RunSQL(
            [GUARD, "REVOKE ALL ON FUNCTION public.guard_against_drops() FROM PUBLIC"],
            "DROP FUNCTION public.guard_against_drops()",
        ),
        migrations.RunSQL("SELECT public.guard_against_drops()", "DROP EVENT TRIGGER IF EXISTS only_grows"),
    ]
