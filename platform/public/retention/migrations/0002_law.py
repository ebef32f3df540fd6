"""The law of the database: packages stay as they are, and process data leave only what a verified package holds."""

from datetime import date
from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import always, append_only, own_rows_only

STANDS = """
CREATE FUNCTION public.retention_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'key_sealed' = to_jsonb(OLD) - 'key_sealed' THEN
    RETURN NEW;  -- keys are sealed anew when the enterprise's key changes
  END IF;
  RAISE EXCEPTION '% on % is refused: a package stays as it was verified', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""
GUARD = [
    "CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON retention_package FOR EACH ROW EXECUTE FUNCTION public.retention_stays()",
    "CREATE TRIGGER only_grows_t BEFORE TRUNCATE ON retention_package FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()",
    always("retention_package"),
]

MONTHS = """
CREATE FUNCTION public.retention_months(of_what text, on_day date) RETURNS integer STABLE LANGUAGE sql
AS $$ SELECT max(months_online)::integer FROM public.retention_period
      WHERE what = of_what AND since <= on_day AND (until IS NULL OR until > on_day) $$
"""

# Everything is asked of the database itself: whose package, verified, which rows, since when, held or not, what day it is.
ERASE = """
CREATE FUNCTION public.retention_erase(of_package uuid, part text, wanted bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  here text := public.enterprise_schema();
  today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
  pack public.retention_package;
  months integer;
  held bigint[];
  act text;
  done bigint[];
BEGIN
  SELECT * INTO pack FROM public.retention_package p
  WHERE p.uuid = of_package AND p.schema_name = here AND p.verified_at IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no verified package %: nothing is erased', of_package USING ERRCODE = 'insufficient_privilege';
  END IF;
  months := public.retention_months(pack.what, today);
  IF months IS NULL OR pack.month + make_interval(months => months + 1) > today THEN
    RAISE EXCEPTION '% of % must still be at hand: nothing is erased', pack.what, pack.month USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(wanted) one
             WHERE NOT coalesce(one <@ (pack.contents -> part ->> 'ids')::int8multirange, false)) THEN
    RAISE EXCEPTION 'a row does not lie in package %: nothing is erased', of_package USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT 1 FROM public.retention_hold h WHERE h.schema_name = here AND h.ended_at IS NULL
             AND h.subject IS NULL AND (h.until IS NULL OR h.until >= today)) THEN
    RAISE EXCEPTION 'the enterprise is on hold: nothing is erased' USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('SELECT coalesce(array_agg(l.id), ''{}'') FROM %I.people_learner l JOIN public.retention_hold h ON h.subject = l.uuid
                  WHERE h.schema_name = $1 AND h.ended_at IS NULL AND (h.until IS NULL OR h.until >= $2)', here)
    INTO held USING here, today;
  act := CASE part
    WHEN 'faces' THEN 'DELETE FROM %I.people_facecheck'
    WHEN 'proofs' THEN 'DELETE FROM %I.people_proof'
    WHEN 'checks' THEN 'UPDATE %I.learning_presencecheck SET content = ''{}'', evidence = ''{}'''
    WHEN 'sittings' THEN 'UPDATE %I.learning_studysession SET ip = ''0.0.0.0'', terminal = '''', signals = ''{}'', last_reply = ''{}'''
  END;
  IF act IS NULL THEN
    RAISE EXCEPTION 'nobody may erase %', part USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('WITH gone AS (' || act || ' WHERE id = ANY($1) AND learner_id <> ALL($2) RETURNING id)
                  SELECT coalesce(array_agg(id), ''{}'') FROM gone', here) INTO done USING wanted, held;
  RETURN done;
END $$
"""

# Shared months go as a whole: never before everybody in them has packed what is theirs, and nobody in them is held.
PACKED = """
CREATE FUNCTION public.retention_is_packed(of_table text, part regclass, of_month date) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE
  kind text := CASE of_table WHEN 'audit_beat' THEN 'BEATS' WHEN 'audit_event' THEN 'EVENTS' END;
  today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
  one record;
  is_held boolean;
BEGIN
  FOR one IN EXECUTE format('SELECT r.schema_name AS name, count(*) AS n FROM %s r
                             JOIN public.tenants_enterprise e ON e.schema_name = r.schema_name GROUP BY 1', part) LOOP
    IF one.n > coalesce((SELECT sum(p.rows) FROM public.retention_package p
                         WHERE p.schema_name = one.name AND p.what = kind AND p.month = of_month), 0) THEN
      RETURN false;
    END IF;
    IF EXISTS (SELECT 1 FROM public.retention_hold h WHERE h.schema_name = one.name AND h.ended_at IS NULL
               AND (h.until IS NULL OR h.until >= today) AND (h.subject IS NULL OR kind = 'EVENTS')) THEN
      RETURN false;
    END IF;
    IF kind = 'BEATS' THEN
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s b JOIN %I.learning_studysession s ON s.uuid = b.session
                      JOIN %I.people_learner l ON l.id = s.learner_id JOIN public.retention_hold h ON h.subject = l.uuid
                      WHERE h.schema_name = $1 AND h.ended_at IS NULL AND (h.until IS NULL OR h.until >= $2))',
                     part, one.name, one.name) INTO is_held USING one.name, today;
      IF is_held THEN
        RETURN false;
      END IF;
    END IF;
  END LOOP;
  RETURN true;
END $$
"""

PLATFORM = "平台规则：申诉期内随时可查"
ROWS = (
    ("PROCESS", "参考条件 四.6：在线不少于 24 个月，离线不少于 36 个月", 24, 36, date(2019, 1, 1)),
    ("PROCESS", "浙江省安全生产条例：培训记录保存不少于三年", 0, 36, date(2016, 7, 29)),
    ("PROCESS", "赣应急字〔2024〕24号：特种作业培训数据不少于六年", 0, 72, date(2024, 1, 1)),
    ("BEATS", PLATFORM, 6, 6, date(2019, 1, 1)),
    ("BEATS", "参考条件 四.6：离线不少于 36 个月", 0, 36, date(2019, 1, 1)),
    ("EVENTS", "网络安全法 第二十一条：日志不少于六个月", 6, 6, date(2017, 6, 1)),
    ("EVENTS", "参考条件 四.6、五.4：在线三年", 36, 36, date(2019, 1, 1)),
    ("EVENTS", "赣应急字〔2024〕24号：特种作业培训数据不少于六年", 0, 72, date(2024, 1, 1)),
    ("LEDGER", "参考条件 四.2：档案不可撤销，企业存续期间一直在线", 24, None, date(2019, 1, 1)),
)


def seed(apps, schema_editor):
    """Write the laws that hold now."""
    periods = apps.get_model("retention", "Period").objects.using(schema_editor.connection.alias)
    for what, law, online, total, since in ROWS:
        periods.get_or_create(what=what, law=law, since=since, defaults={"months_online": online, "months_total": total})


class Migration(migrations.Migration):
    """Triggers, row-level security, functions, laws."""

    dependencies: ClassVar = [("retention", "0001_initial"), ("tenants", "0003_refuse_drop")]
    operations: ClassVar = [
        migrations.RunSQL([STANDS, *GUARD], migrations.RunSQL.noop),
        append_only("retention_step"),
        *(own_rows_only(f"retention_{table}") for table in ("package", "step", "hold", "order")),
        migrations.RunSQL(MONTHS, "DROP FUNCTION public.retention_months(text, date)"),
        migrations.RunSQL(ERASE, "DROP FUNCTION public.retention_erase(uuid, text, bigint[])"),
        migrations.RunSQL(PACKED, "DROP FUNCTION public.retention_is_packed(text, regclass, date)"),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
