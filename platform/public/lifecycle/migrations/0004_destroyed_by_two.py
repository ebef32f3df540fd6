"""The database destroys nothing before the day, without two, or while a hold stands; and only what the destruction of this enterprise is about.

Rows that only grow let go of what tells of persons while a destruction of their enterprise runs, of nobody else's and at no other time.
"""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import always

# The day is the database's own: an application with a wrong clock destroys nothing early.
GUARD = """
CREATE FUNCTION public.destruction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
  last_day date;
  of_schema text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a destruction is never deleted' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'WAITING' THEN
      RAISE EXCEPTION 'a destruction begins by waiting' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('DONE', 'STOPPED') OR (OLD.state = 'RUNNING' AND NEW.state NOT IN ('RUNNING', 'DONE'))
     OR (NEW.enterprise_id, NEW.change_id, NEW.uuid) <> (OLD.enterprise_id, OLD.change_id, OLD.uuid) THEN
    RAISE EXCEPTION 'a destruction goes one way' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state = 'WAITING' AND NEW.state <> 'WAITING' AND NEW.state <> 'STOPPED' THEN
    SELECT c.kept_until, e.schema_name INTO last_day, of_schema
    FROM public.lifecycle_lifechange x
    JOIN public.lifecycle_closure c ON c.id = x.closure_id AND c.enterprise_id = x.enterprise_id
    JOIN public.tenants_enterprise e ON e.id = x.enterprise_id
    WHERE x.id = NEW.change_id AND x.enterprise_id = NEW.enterprise_id AND x.kind = 'DESTROY' AND x.state = 'APPROVED'
      AND x.decided_by <> x.asked_by AND c.closed_at IS NOT NULL AND c.reopened_at IS NULL AND e.status = 'CLOSED';
    IF NEW.state <> 'RUNNING' OR last_day IS NULL OR last_day >= today THEN
      RAISE EXCEPTION 'nothing is destroyed before its day, or without two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM public.retention_hold h WHERE h.schema_name = of_schema AND h.ended_at IS NULL
               AND (h.until IS NULL OR h.until >= today)) THEN
      RAISE EXCEPTION 'a legal hold stands' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $$
"""

RUNS = """
CREATE FUNCTION public.destruction_runs(of_schema text) RETURNS boolean STABLE LANGUAGE sql AS $$
  SELECT EXISTS (SELECT 1 FROM public.lifecycle_destruction d JOIN public.tenants_enterprise e ON e.id = d.enterprise_id
                 WHERE e.schema_name = of_schema AND d.state = 'RUNNING')
$$
"""

KEYS = """
CREATE FUNCTION public.refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at OR octet_length(NEW.wrapped) = 0)
     AND (OLD.destroyed_at IS NOT NULL OR NOT public.destruction_runs(OLD.schema_name)) THEN
    RAISE EXCEPTION 'a data key is emptied only when everything of its enterprise is destroyed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""

# As refuse_change, but for marks (deleted) and records of the feed (which keep what was sent when, for the authority's receipts).
LETS_GO = """
CREATE FUNCTION public.refuse_change_but_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF public.destruction_runs(OLD.schema_name) THEN
    IF TG_TABLE_NAME = 'monitor_mark' AND TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    IF TG_TABLE_NAME = 'regulators_feedrecord' AND TG_OP = 'UPDATE' THEN
      IF NEW.body = '{"destroyed": true}' AND to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body' THEN
        RETURN NEW;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION '% on %.% is refused: the record only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$
"""

FORGET = """
CREATE FUNCTION public.destruction_forget(of_schema text, of_table text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE done bigint; more bigint;
BEGIN
  IF public.enterprise_schema() <> 'platform' OR NOT public.destruction_runs(of_schema) THEN
    RAISE EXCEPTION 'no destruction of % runs here', of_schema USING ERRCODE = 'insufficient_privilege';
  END IF;
  CASE of_table
    WHEN 'retention_package' THEN
      UPDATE retention_package SET key_sealed = '', learners = '{}'
      WHERE schema_name = of_schema AND (octet_length(key_sealed) > 0 OR learners <> '{}');
    WHEN 'retention_order' THEN DELETE FROM retention_order WHERE schema_name = of_schema;
    WHEN 'retention_hold' THEN DELETE FROM retention_hold WHERE schema_name = of_schema;
    WHEN 'regulators_feedrecord' THEN
      UPDATE regulators_feedrecord SET body = '{"destroyed": true}'
      WHERE schema_name = of_schema AND kind IN ('LEARNER', 'SESSION', 'EXAM', 'CERTIFICATE') AND body <> '{"destroyed": true}';
    WHEN 'monitor_mark' THEN DELETE FROM monitor_mark WHERE schema_name = of_schema;
    WHEN 'monitor_sitting' THEN DELETE FROM monitor_sitting WHERE schema_name = of_schema;
    WHEN 'appeals_case' THEN DELETE FROM appeals_case WHERE schema_name = of_schema;
    WHEN 'persons_lease' THEN DELETE FROM persons_lease WHERE schema_name = of_schema;
    WHEN 'persons_day' THEN
      DELETE FROM persons_day WHERE shares ? of_schema AND shares - of_schema = '{}';
      GET DIAGNOSTICS more = ROW_COUNT;
      UPDATE persons_day SET shares = shares - of_schema WHERE shares ? of_schema;
    ELSE RAISE EXCEPTION 'nothing of % is destroyed', of_table USING ERRCODE = 'insufficient_privilege';
  END CASE;
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done + coalesce(more, 0);
END $$
"""


def _lets_go(table: str) -> migrations.RunSQL:
    trigger = f'CREATE OR REPLACE TRIGGER only_grows BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION public.'
    return migrations.RunSQL(
        [trigger + "refuse_change_but_destroyed()", always(table)], [trigger + "refuse_change()", always(table)]
    )


class Migration(migrations.Migration):
    """Triggers and functions."""

    dependencies: ClassVar = [
        ("lifecycle", "0003_reopened_and_destroyed"),
        ("appeals", "0002_rights"),
        ("monitor", "0002_rights"),
        ("persons", "0004_give_back"),
        ("regulators", "0010_certificate_replaced"),
        ("retention", "0008_destroyed"),
        ("tenants", "0006_destroyed"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(GUARD, "DROP FUNCTION public.destruction_guard()"),
        migrations.RunSQL(
            [
                "CREATE TRIGGER by_two BEFORE INSERT OR UPDATE OR DELETE ON lifecycle_destruction FOR EACH ROW EXECUTE FUNCTION public.destruction_guard()",
                "ALTER TABLE lifecycle_destruction ENABLE ALWAYS TRIGGER by_two",
            ],
            "DROP TRIGGER by_two ON lifecycle_destruction",
        ),
        migrations.RunSQL(RUNS, "DROP FUNCTION public.destruction_runs(text)"),
        migrations.RunSQL(KEYS, "DROP FUNCTION public.refuse_emptying()"),
        migrations.RunSQL(
            [
                "CREATE TRIGGER emptied_by_two BEFORE UPDATE ON tenants_datakey FOR EACH ROW EXECUTE FUNCTION public.refuse_emptying()",
                "ALTER TABLE tenants_datakey ENABLE ALWAYS TRIGGER emptied_by_two",
            ],
            "DROP TRIGGER emptied_by_two ON tenants_datakey",
        ),
        migrations.RunSQL(LETS_GO, "DROP FUNCTION public.refuse_change_but_destroyed()"),
        _lets_go("monitor_mark"),
        _lets_go("regulators_feedrecord"),
        migrations.RunSQL(FORGET, "DROP FUNCTION public.destruction_forget(text, text)"),
    ]
