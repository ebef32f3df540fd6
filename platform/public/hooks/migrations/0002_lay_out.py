"""What happens in a ledger is laid out for the hooks of its enterprise, whose role calls and whose tables these are (decision 0068)."""

from typing import ClassVar

from django.db import migrations

LAY_OUT = """
CREATE FUNCTION public.lay_out_hooks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO openapi_delivery (uuid, hook_id, kind, entry, n, subject, happened_at, state, tries, next_at, code, at)
  SELECT gen_random_uuid(), hook.id, added.kind, added.id, added.n, added.subject, added.at, 'WAITING', 0, added.at, '', clock_timestamp()
  FROM openapi_hook hook JOIN added ON added.kind = ANY (hook.kinds)
  WHERE hook.is_on
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    """Function of the trigger on each enterprise's ledger."""

    dependencies: ClassVar = [("hooks", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(LAY_OUT, "DROP FUNCTION public.lay_out_hooks()")]
