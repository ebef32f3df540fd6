"""The two shared logs: partitioned by month, append-only, each enterprise sees its own rows (decision 23)."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import own_rows_only

EVENT = """
CREATE TABLE audit_event (
  uuid uuid NOT NULL, schema_name text NOT NULL DEFAULT public.enterprise_schema(), at timestamptz NOT NULL,
  actor varchar(80) NOT NULL, action varchar(60) NOT NULL, target varchar(120) NOT NULL, ip inet,
  details jsonb NOT NULL DEFAULT '{}', PRIMARY KEY (at, uuid)
) PARTITION BY RANGE (at)
"""
BEAT = """
CREATE TABLE audit_beat (
  uuid uuid NOT NULL DEFAULT gen_random_uuid(), schema_name text NOT NULL DEFAULT public.enterprise_schema(), at timestamptz NOT NULL,
  session uuid NOT NULL, seq integer NOT NULL, state varchar(10) NOT NULL, reason varchar(20) NOT NULL,
  position_ms integer NOT NULL, paid_ms integer NOT NULL, verdict varchar(20) NOT NULL, details jsonb NOT NULL DEFAULT '{}'
) PARTITION BY RANGE (at)
"""
# Rows of a month without a partition land in the default one rather than being lost.
MAKE = """
CREATE FUNCTION public.audit_make_partition(of_table text, month date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
    of_table || to_char(month, '_YYYYMM'), of_table,
    (date_trunc('month', month)::timestamp AT TIME ZONE 'Asia/Shanghai'),
    ((date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai'));
END $$
"""
FIRST = """
SELECT public.audit_make_partition(t, (date_trunc('month', now()) + m * interval '1 month')::date)
FROM unnest(ARRAY['audit_event', 'audit_beat']) t, generate_series(0, 2) m
"""


def _guard(table: str) -> list[str]:
    return [
        f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT",
        f"CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION public.refuse_change()",
        f"CREATE TRIGGER only_grows_t BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()",
    ]


class Migration(migrations.Migration):
    """Partitioned tables."""

    dependencies: ClassVar = [("audit", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.RunSQL([EVENT, *_guard("audit_event")], "DROP TABLE audit_event"),
        migrations.RunSQL("CREATE INDEX audit_event_where ON audit_event (schema_name, at DESC)", ""),
        own_rows_only("audit_event"),
        migrations.RunSQL([BEAT, *_guard("audit_beat")], "DROP TABLE audit_beat"),
        migrations.RunSQL("CREATE INDEX audit_beat_session ON audit_beat (session, seq)", ""),
        own_rows_only("audit_beat"),
        migrations.RunSQL([MAKE, FIRST], "DROP FUNCTION public.audit_make_partition(text, date)"),
    ]
