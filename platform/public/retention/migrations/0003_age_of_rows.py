"""`retention_erase` asks each row when it happened: that a package calls itself old does not make what it lists old."""

from typing import ClassVar

from django.db import migrations

ERASE = """
CREATE OR REPLACE FUNCTION public.retention_erase(of_package uuid, part text, wanted bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  here text := public.enterprise_schema();
  today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
  pack public.retention_package;
  months integer;
  held bigint[];
  place text;
  moment text;
  act text;
  is_young boolean;
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
  CASE part
    WHEN 'faces' THEN place := 'people_facecheck'; moment := 'at'; act := 'DELETE FROM %I.%I';
    WHEN 'proofs' THEN place := 'people_proof'; moment := 'at'; act := 'DELETE FROM %I.%I';
    WHEN 'checks' THEN place := 'learning_presencecheck'; moment := 'issued_at';
      act := 'UPDATE %I.%I SET content = ''{}'', evidence = ''{}''';
    WHEN 'sittings' THEN place := 'learning_studysession'; moment := 'opened_at';
      act := 'UPDATE %I.%I SET ip = ''0.0.0.0'', terminal = '''', signals = ''{}'', last_reply = ''{}''';
    ELSE RAISE EXCEPTION 'nobody may erase %', part USING ERRCODE = 'insufficient_privilege';
  END CASE;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I WHERE id = ANY($1) AND %I >= $2)', here, place, moment) INTO is_young
    USING wanted, (pack.month + interval '1 month') AT TIME ZONE 'Asia/Shanghai';
  IF is_young THEN
    RAISE EXCEPTION 'a row of package % is younger than %: nothing is erased', of_package, pack.month
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('WITH gone AS (' || act || ' WHERE id = ANY($1) AND learner_id <> ALL($2) RETURNING id)
                  SELECT coalesce(array_agg(id), ''{}'') FROM gone', here, place) INTO done USING wanted, held;
  RETURN done;
END $$
"""


class Migration(migrations.Migration):
    """One function."""

    dependencies: ClassVar = [("retention", "0002_law")]
    operations: ClassVar = [migrations.RunSQL(ERASE, migrations.RunSQL.noop)]
