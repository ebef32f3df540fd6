"""Of an enterprise whose data are destroyed no new key is made, by whatever was still under way: nothing may be sealed for it any more."""

from typing import ClassVar

from django.db import migrations

# Only read, never locked: a key is made over a connection of its own, often while its caller holds the enterprise's row.
REFUSE = """
CREATE FUNCTION public.refuse_key_of_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.tenants_enterprise e WHERE e.schema_name = NEW.schema_name AND e.destroyed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the data of % are destroyed: it gets no key any more', NEW.schema_name USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    """Trigger."""

    dependencies: ClassVar = [("tenants", "0006_destroyed")]
    operations: ClassVar = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION public.refuse_key_of_destroyed()"),
        migrations.RunSQL(
            [
                "CREATE TRIGGER none_of_destroyed BEFORE INSERT ON tenants_datakey FOR EACH ROW EXECUTE FUNCTION public.refuse_key_of_destroyed()",
                "ALTER TABLE tenants_datakey ENABLE ALWAYS TRIGGER none_of_destroyed",
            ],
            "DROP TRIGGER none_of_destroyed ON tenants_datakey",
        ),
    ]
