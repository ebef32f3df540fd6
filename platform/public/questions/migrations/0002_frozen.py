"""The law of questions in the database: a version never changes once it was submitted, and enterprises see what was published."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import visible_to_enterprises

VERSION = """
CREATE FUNCTION public.keep_question_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may constant text[] := ARRAY['state', 'submitted_at', 'published_at', 'retired_at'];
BEGIN
  IF OLD.state = 'DRAFT' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - may IS DISTINCT FROM to_jsonb(OLD) - may THEN
    RAISE EXCEPTION 'question version % was submitted and never changes', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'DRAFT' AND OLD.state <> 'IN_REVIEW' THEN
    RAISE EXCEPTION 'question version % was published and is no draft again', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = [
    "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON questions_questionversion "
    "FOR EACH ROW EXECUTE FUNCTION public.keep_question_version()",
    "ALTER TABLE questions_questionversion ENABLE ALWAYS TRIGGER stays",
]


class Migration(migrations.Migration):
    """Trigger and row-level security."""

    dependencies: ClassVar = [("questions", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL([VERSION, *TRIGGER], "DROP FUNCTION public.keep_question_version() CASCADE"),
        visible_to_enterprises("questions_questionversion", "state IN ('PUBLISHED', 'RETIRED')"),
        visible_to_enterprises(
            "questions_question", "EXISTS (SELECT 1 FROM questions_questionversion v WHERE v.question_id = questions_question.id)"
        ),
    ]
