"""A shared month does not wait for an enterprise whose data were destroyed: it packs nothing any more, and its schema is gone."""

from typing import ClassVar

from django.db import migrations

PACKED = """
CREATE OR REPLACE FUNCTION public.retention_is_packed(of_table text, part regclass, of_month date) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE
  kind text := CASE of_table WHEN 'audit_beat' THEN 'BEATS' WHEN 'audit_event' THEN 'EVENTS' END;
  today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
  one record;
  is_held boolean;
BEGIN
  FOR one IN EXECUTE format('SELECT r.schema_name AS name, count(*) AS n FROM %s r
                             JOIN public.tenants_enterprise e ON e.schema_name = r.schema_name
                             WHERE e.destroyed_at IS NULL GROUP BY 1', part) LOOP
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


class Migration(migrations.Migration):
    """Function."""

    dependencies: ClassVar = [("retention", "0007_withdrawn"), ("tenants", "0006_destroyed")]
    operations: ClassVar = [migrations.RunSQL(PACKED, migrations.RunSQL.noop)]
