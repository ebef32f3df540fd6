"""A day gets back what was voided: at most what the same enterprise has debited of it."""

from typing import ClassVar

from django.db import migrations, models

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS"
DEFAULT = "ALTER TABLE persons_day ALTER COLUMN shares SET DEFAULT '{}'"
DEBIT_DAY = f"""
CREATE OR REPLACE FUNCTION public.person_debit_day(person text, on_day date, ms integer, cap_ms integer) RETURNS integer {_HEAD} $$
DECLARE used integer; mine text := enterprise_schema();
BEGIN
  IF ms < 0 OR cap_ms > 21600000 THEN
    RAISE EXCEPTION 'debit of % ms under a cap of % ms is refused', ms, cap_ms USING ERRCODE = 'check_violation';
  END IF;
  UPDATE persons_day SET credited_ms = credited_ms + ms,
    shares = shares || jsonb_build_object(mine, coalesce((shares ->> mine)::integer, 0) + ms)
  WHERE person_key = person AND day = on_day AND credited_ms + ms <= cap_ms RETURNING credited_ms INTO used;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the day of this person is used up' USING ERRCODE = 'check_violation';
  END IF;
  RETURN used;
END $$
"""
GIVE_BACK = f"""
CREATE FUNCTION public.person_give_back(person text, on_day date, ms integer) RETURNS integer {_HEAD} $$
DECLARE used integer; mine text := enterprise_schema();
BEGIN
  UPDATE persons_day SET credited_ms = credited_ms - ms,
    shares = shares || jsonb_build_object(mine, (shares ->> mine)::integer - ms)
  WHERE person_key = person AND day = on_day AND ms >= 0 AND ms <= credited_ms
    AND ms <= coalesce((shares ->> mine)::integer, 0) RETURNING credited_ms INTO used;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this enterprise has not debited % ms of that day', ms USING ERRCODE = 'check_violation';
  END IF;
  RETURN used;
END $$
"""


class Migration(migrations.Migration):
    """Column and functions."""

    dependencies: ClassVar = [("persons", "0003_day_used")]
    operations: ClassVar = [
        migrations.AddField("day", "shares", models.JSONField(default=dict)),
        migrations.RunSQL(DEFAULT, migrations.RunSQL.noop),
        migrations.RunSQL(DEBIT_DAY, migrations.RunSQL.noop),
        migrations.RunSQL(GIVE_BACK, "DROP FUNCTION public.person_give_back(text, date, integer)"),
    ]
