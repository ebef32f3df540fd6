"""The platform's own log is the longest of all: what one of its rooms did is found by an index of its own, which no enterprise pays for.

Everybody who does anything writes into the log, so it is built month by month beside them: a plain CREATE INDEX would stop all of them until the
last month is through. A run that was cut off is started again, and goes on with the months that are left.
"""

from typing import ClassVar

from django.db import migrations

ON = "(action text_pattern_ops, at DESC) WHERE schema_name = 'public'"
LEFT = """
SELECT c.relname, EXISTS (SELECT 1 FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                          WHERE i.indrelid = c.oid AND x.relname = c.relname || '_own_action' AND NOT i.indisvalid)
FROM pg_inherits p JOIN pg_class c ON c.oid = p.inhrelid
WHERE p.inhparent = 'public.audit_event'::regclass
  AND NOT EXISTS (SELECT 1 FROM pg_index i JOIN pg_inherits a ON a.inhrelid = i.indexrelid
                  WHERE i.indrelid = c.oid AND a.inhparent = 'public.audit_event_own_action'::regclass)
ORDER BY c.relname
"""


def build(apps, schema_editor):
    """Build the index of each month that has none; those that come later get theirs with the table."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX IF NOT EXISTS audit_event_own_action ON ONLY public.audit_event {ON}")
        cursor.execute(LEFT)
        for month, is_broken in cursor.fetchall():
            name = f'"{month}_own_action"'
            if is_broken:
                cursor.execute(f"DROP INDEX CONCURRENTLY public.{name}")
            cursor.execute(f'CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON public."{month}" {ON}')
            cursor.execute(f"ALTER INDEX public.audit_event_own_action ATTACH PARTITION public.{name}")


def drop(apps, schema_editor):
    """Take it away with those of all months."""
    schema_editor.execute("DROP INDEX IF EXISTS public.audit_event_own_action")


class Migration(migrations.Migration):
    """One more partial index in every month."""

    atomic = False
    dependencies: ClassVar = [("audit", "0007_found_and_sealed")]
    operations: ClassVar = [migrations.RunPython(build, drop)]
