"""A look at a person's day that waits for nobody."""

from typing import ClassVar

from django.db import migrations

DAY_USED = """
CREATE FUNCTION public.person_day_used(person text, on_day date) RETURNS integer STABLE
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN coalesce((SELECT credited_ms FROM persons_day WHERE person_key = person AND day = on_day), 0);
END $$
"""


class Migration(migrations.Migration):
    """Function."""

    dependencies: ClassVar = [("persons", "0002_functions")]
    operations: ClassVar = [migrations.RunSQL(DAY_USED, "DROP FUNCTION public.person_day_used(text, date)")]
