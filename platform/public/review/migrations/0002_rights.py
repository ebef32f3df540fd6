"""Rows only grow, and the database itself refuses an author's verdict on their own work."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only

NOT_OWN_WORK = """
CREATE FUNCTION public.review_not_own_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM catalogue_courseversion v WHERE v.id = NEW.version_id AND v.author_id = NEW.reviewer_id) THEN
    RAISE EXCEPTION 'an author does not review their own work' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = (
    "CREATE TRIGGER not_own_work BEFORE INSERT ON review_decision FOR EACH ROW EXECUTE FUNCTION public.review_not_own_work()"
)


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("review", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("review_decision"),
        migrations.RunSQL([NOT_OWN_WORK, TRIGGER], "DROP FUNCTION public.review_not_own_work() CASCADE"),
    ]
