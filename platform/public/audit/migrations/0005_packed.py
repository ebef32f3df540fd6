"""A month of the logs goes only when every enterprise that has rows in it lies packed and verified outside the database."""

from typing import ClassVar

from django.db import migrations

RETIRE = """
CREATE OR REPLACE FUNCTION public.audit_retire_partition(of_table text, month date, and_drop boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE part text := of_table || to_char(month, '_YYYYMM'); whose text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = format('public.%I', of_table)::regclass
                 AND inhrelid = to_regclass(format('public.%I', part))) THEN
    RETURN false;
  END IF;
  IF NOT public.retention_is_packed(of_table, format('public.%I', part)::regclass, month) THEN
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
    """Function, for the owner only as before."""

    dependencies: ClassVar = [("audit", "0004_retire"), ("retention", "0002_law")]
    operations: ClassVar = [migrations.RunSQL(RETIRE, migrations.RunSQL.noop)]
