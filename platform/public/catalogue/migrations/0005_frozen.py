"""The law of versions in the database: once submitted, a version, its chapters and its lessons never change.

Existing courses get codes with a check character; records that were already written keep what they say.
"""

from typing import ClassVar

from django.db import migrations

from public.catalogue.codes import from_former
from tenants.database.append_only import visible_to_enterprises

VERSION = """
CREATE FUNCTION public.keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may constant text[] := ARRAY['state', 'submitted_at', 'published_at', 'review_due_on'];
BEGIN
  IF OLD.state = 'DRAFT' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - may IS DISTINCT FROM to_jsonb(OLD) - may THEN
    RAISE EXCEPTION 'version % was submitted and never changes', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'DRAFT' AND OLD.state <> 'IN_REVIEW' THEN
    RAISE EXCEPTION 'version % was published and is no draft again', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""
# FOR SHARE: a submission that is under way is waited for, so that nothing slips in after it.
PART = """
CREATE FUNCTION public.keep_part_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine bigint;
BEGIN
  FOREACH mine IN ARRAY CASE TG_OP
      WHEN 'INSERT' THEN ARRAY[NEW.version_id]
      WHEN 'DELETE' THEN ARRAY[OLD.version_id]
      ELSE ARRAY[OLD.version_id, NEW.version_id] END
  LOOP
    PERFORM FROM public.catalogue_courseversion WHERE id = mine AND state = 'DRAFT' FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION '% on % is refused: version % is no draft', TG_OP, TG_TABLE_NAME, mine
        USING ERRCODE = 'insufficient_privilege';
    END IF;
  END LOOP;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""
_TEACHES = "EXISTS (SELECT 1 FROM catalogue_courseversion v WHERE v.trainer_id = catalogue_trainer.id)"


def _guard(table, events, function):
    return migrations.RunSQL(
        [
            f'CREATE TRIGGER stays BEFORE {events} ON "{table}" FOR EACH ROW EXECUTE FUNCTION public.{function}()',
            f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER stays',
        ],
        f'DROP TRIGGER stays ON "{table}"',
    )


def give_codes_their_check(apps, schema_editor):
    """Rename courses, and the courses that demo films name as their source."""
    here = schema_editor.connection.alias
    courses, media = (apps.get_model("catalogue", name).objects.using(here) for name in ("Course", "MediaAsset"))
    for row in courses.filter(code__regex=r"-V\d+$").order_by("pk"):
        row.code = from_former(row.code)
        row.save(update_fields=["code"])
    for row in media.filter(source__course__regex=r"-V\d+$").only("pk", "source").iterator():
        row.source = {**row.source, "course": from_former(row.source["course"])}
        row.save(update_fields=["source"])


class Migration(migrations.Migration):
    """Triggers, row-level security of trainers, codes."""

    dependencies: ClassVar = [("catalogue", "0004_visibility")]
    operations: ClassVar = [
        migrations.RunSQL(VERSION, "DROP FUNCTION public.keep_version()"),
        migrations.RunSQL(PART, "DROP FUNCTION public.keep_part_of_version()"),
        _guard("catalogue_courseversion", "UPDATE OR DELETE", "keep_version"),
        _guard("catalogue_chapter", "INSERT OR UPDATE OR DELETE", "keep_part_of_version"),
        _guard("catalogue_courseware", "INSERT OR UPDATE OR DELETE", "keep_part_of_version"),
        visible_to_enterprises("catalogue_trainer", f"provider_schema IN ('', public.enterprise_schema()) OR {_TEACHES}"),
        visible_to_enterprises(
            "catalogue_trainerqualification", "EXISTS (SELECT 1 FROM catalogue_trainer t WHERE t.id = trainer_id)"
        ),
        migrations.RunPython(give_codes_their_check, migrations.RunPython.noop),
    ]
