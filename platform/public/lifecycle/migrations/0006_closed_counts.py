"""How much of closed enterprises keeps them from being destroyed is asked for all of them at once: numbers, and of two tables only."""

from typing import ClassVar

from django.db import migrations

COUNTS = """
CREATE FUNCTION public.closed_counts(of_schemas text[], what text) RETURNS TABLE (of_schema text, n bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE statement text := CASE what
    WHEN 'entries' THEN 'SELECT count(*) FROM %I.records_ledgerentry'
    WHEN 'requests' THEN 'SELECT count(*) FROM %I.people_privacyrequest WHERE state = ''WAITING'''
  END;
BEGIN
  IF public.enterprise_schema() <> 'platform' OR statement IS NULL THEN
    RAISE EXCEPTION 'nobody counts % here', what USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR of_schema IN SELECT e.schema_name FROM tenants_enterprise e JOIN pg_namespace s ON s.nspname = e.schema_name
                   WHERE e.schema_name = ANY(of_schemas) AND e.status = 'CLOSED' AND e.destroyed_at IS NULL ORDER BY e.id LOOP
    EXECUTE format(statement, of_schema) INTO n;
    RETURN NEXT;
  END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """Function."""

    dependencies: ClassVar = [("lifecycle", "0005_packages_let_go")]
    operations: ClassVar = [migrations.RunSQL(COUNTS, "DROP FUNCTION public.closed_counts(text[], text)")]
