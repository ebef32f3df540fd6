"""Months come and go: a late month takes its rows from the default partition, an old one is detached, and beats are then dropped."""

from typing import ClassVar

from django.db import migrations

# Detaching drops the month's copies of the guarding triggers, which nobody may do by the way; here it is the way.
MAKE = """
CREATE OR REPLACE FUNCTION public.audit_make_partition(of_table text, month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part text := of_table || to_char(month, '_YYYYMM');
  rest text := of_table || '_default';
  low timestamptz := date_trunc('month', month)::timestamp AT TIME ZONE 'Asia/Shanghai';
  high timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai';
  is_late boolean;
BEGIN
  IF to_regclass(format('public.%I', part)) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I WHERE at >= $1 AND at < $2)', rest) INTO is_late USING low, high;
  IF is_late THEN
    PERFORM set_config('anxue.may_drop', 'yes', true);
    EXECUTE format('ALTER TABLE public.%I DETACH PARTITION public.%I', of_table, rest);
  END IF;
  EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', part, of_table, low, high);
  PERFORM public.audit_guard_partition(format('public.%I', part)::regclass);
  IF is_late THEN
    EXECUTE format('INSERT INTO public.%I SELECT * FROM public.%I WHERE at >= $1 AND at < $2', part, rest) USING low, high;
    EXECUTE format('DELETE FROM public.%I WHERE at >= $1 AND at < $2', rest) USING low, high;
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I DEFAULT', of_table, rest);
    PERFORM public.audit_guard_partition(format('public.%I', rest)::regclass);
    PERFORM set_config('anxue.may_drop', '', true);
  END IF;
END $$
"""

# A detached month has no row-level security any more, so nobody but the owner may look at it.
RETIRE = """
CREATE FUNCTION public.audit_retire_partition(of_table text, month date, and_drop boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE part text := of_table || to_char(month, '_YYYYMM'); whose text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = format('public.%I', of_table)::regclass
                 AND inhrelid = to_regclass(format('public.%I', part))) THEN
    RETURN false;
  END IF;
  PERFORM set_config('anxue.may_drop', 'yes', true);
  EXECUTE format('ALTER TABLE public.%I DETACH PARTITION public.%I', of_table, part);
  IF and_drop THEN
    EXECUTE format('DROP TABLE public.%I', part);
  ELSE
    FOR whose IN SELECT DISTINCT grantee::regrole::text FROM pg_class c, aclexplode(c.relacl)
                 WHERE c.oid = format('public.%I', part)::regclass AND grantee <> 0 AND grantee <> c.relowner LOOP
      EXECUTE format('REVOKE ALL ON public.%I FROM %s', part, whose);  -- a regrole is quoted already
    END LOOP;
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', part);
  END IF;
  PERFORM set_config('anxue.may_drop', '', true);
  RETURN true;
END $$
"""


class Migration(migrations.Migration):
    """Functions, for the owner only."""

    dependencies: ClassVar = [("audit", "0003_always")]
    operations: ClassVar = [
        migrations.RunSQL(MAKE, migrations.RunSQL.noop),
        migrations.RunSQL(
            [RETIRE, "REVOKE ALL ON FUNCTION public.audit_retire_partition(text, date, boolean) FROM PUBLIC"],
            "DROP FUNCTION public.audit_retire_partition(text, date, boolean)",
        ),
    ]
