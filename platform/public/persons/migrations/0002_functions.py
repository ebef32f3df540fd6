"""The doors through which an enterprise reaches the person rows: it can never read another enterprise's."""

from typing import ClassVar

from django.db import migrations

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS"

# Newest session wins; tells which session lost, if any.
TAKE = f"""
CREATE FUNCTION public.person_take_lease(person text, wanted uuid, taken timestamptz) RETURNS uuid {_HEAD} $$
DECLARE former uuid;
BEGIN
  SELECT session INTO former FROM persons_lease WHERE person_key = person FOR UPDATE;
  INSERT INTO persons_lease (person_key, session, schema_name, taken_at) VALUES (person, wanted, enterprise_schema(), taken)
  ON CONFLICT (person_key) DO UPDATE SET session = EXCLUDED.session, schema_name = EXCLUDED.schema_name, taken_at = EXCLUDED.taken_at;
  RETURN nullif(former, wanted);
END $$
"""

HOLDS = f"""
CREATE FUNCTION public.person_holds_lease(person text, wanted uuid) RETURNS boolean STABLE {_HEAD} $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM persons_lease WHERE person_key = person AND session = wanted);
END $$
"""

RELEASE = f"""
CREATE FUNCTION public.person_release_lease(person text, wanted uuid) RETURNS void {_HEAD} $$
BEGIN
  DELETE FROM persons_lease WHERE person_key = person AND session = wanted AND schema_name = enterprise_schema();
END $$
"""

# Locks the person's day until the transaction ends and tells how much of it is used.
LOCK_DAY = f"""
CREATE FUNCTION public.person_lock_day(person text, on_day date) RETURNS integer {_HEAD} $$
DECLARE used integer;
BEGIN
  SELECT credited_ms INTO used FROM persons_day WHERE person_key = person AND day = on_day FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO persons_day (person_key, day, credited_ms) VALUES (person, on_day, 0) ON CONFLICT DO NOTHING;
    SELECT credited_ms INTO used FROM persons_day WHERE person_key = person AND day = on_day FOR UPDATE;
  END IF;
  RETURN used;
END $$
"""

# Adds to the person's day; refuses beyond the cap, so the law holds even against a wrong caller.
DEBIT_DAY = f"""
CREATE FUNCTION public.person_debit_day(person text, on_day date, ms integer, cap_ms integer) RETURNS integer {_HEAD} $$
DECLARE used integer;
BEGIN
  IF ms < 0 OR cap_ms > 21600000 THEN
    RAISE EXCEPTION 'debit of % ms under a cap of % ms is refused', ms, cap_ms USING ERRCODE = 'check_violation';
  END IF;
  UPDATE persons_day SET credited_ms = credited_ms + ms
  WHERE person_key = person AND day = on_day AND credited_ms + ms <= cap_ms RETURNING credited_ms INTO used;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the day of this person is used up' USING ERRCODE = 'check_violation';
  END IF;
  RETURN used;
END $$
"""


class Migration(migrations.Migration):
    """Functions."""

    dependencies: ClassVar = [("persons", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.RunSQL(TAKE, "DROP FUNCTION public.person_take_lease(text, uuid, timestamptz)"),
        migrations.RunSQL(HOLDS, "DROP FUNCTION public.person_holds_lease(text, uuid)"),
        migrations.RunSQL(RELEASE, "DROP FUNCTION public.person_release_lease(text, uuid)"),
        migrations.RunSQL(LOCK_DAY, "DROP FUNCTION public.person_lock_day(text, date)"),
        migrations.RunSQL(DEBIT_DAY, "DROP FUNCTION public.person_debit_day(text, date, integer, integer)"),
    ]
