"""The logs' triggers fire in replica mode too, and a single month cannot be emptied past the log."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import always

TABLES = ("audit_event", "audit_beat")

# PostgreSQL copies row triggers to partitions, but not those of TRUNCATE.
GUARD = """
CREATE FUNCTION public.audit_guard_partition(part regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = part AND tgname = 'only_grows_t') THEN
    EXECUTE format(
      'CREATE TRIGGER only_grows_t BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()', part);
  END IF;
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER only_grows, ENABLE ALWAYS TRIGGER only_grows_t', part);
END $$
"""
MAKE = """
CREATE OR REPLACE FUNCTION public.audit_make_partition(of_table text, month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE part text := of_table || to_char(month, '_YYYYMM');
BEGIN
  IF to_regclass(format('public.%I', part)) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
    part, of_table,
    (date_trunc('month', month)::timestamp AT TIME ZONE 'Asia/Shanghai'),
    ((date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai'));
  PERFORM public.audit_guard_partition(format('public.%I', part)::regclass);
END $$
"""
PRESENT = "SELECT public.audit_guard_partition(inhrelid::regclass) FROM pg_inherits WHERE inhparent = '{}'::regclass"


class Migration(migrations.Migration):
    """Triggers of the logs and of each of their months."""

    dependencies: ClassVar = [("audit", "0002_partitions")]
    operations: ClassVar = [
        migrations.RunSQL([GUARD, MAKE], migrations.RunSQL.noop),
        *(migrations.RunSQL([always(table), PRESENT.format(table)], migrations.RunSQL.noop) for table in TABLES),
    ]
