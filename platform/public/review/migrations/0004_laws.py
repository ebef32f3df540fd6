"""What the review promises, said again by the database; the first policy; the laws that present versions name."""

from typing import ClassVar

from django.db import migrations

from public.questions.laws import citations
from tenants.database.append_only import append_only

# The version's row is held, so that one person cannot sign two angles of it in the same moment on two connections.
ONE_ANGLE_EACH = """
CREATE FUNCTION public.review_one_angle_each() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.signature = '' OR NEW.submission_id IS NULL THEN
    RAISE EXCEPTION 'a verdict is signed and belongs to a submission' USING ERRCODE = 'check_violation';
  END IF;
  IF (SELECT one_angle_each FROM review_reviewpolicy ORDER BY at DESC, id DESC LIMIT 1) THEN
    PERFORM 1 FROM catalogue_courseversion WHERE id = NEW.version_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM review_decision d
               WHERE d.version_id = NEW.version_id AND d.reviewer_id = NEW.reviewer_id AND d.angle <> NEW.angle) THEN
      RAISE EXCEPTION 'one angle each: this reviewer judged another angle of the version' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $$
"""
ONE_ANGLE_TRIGGER = (
    "CREATE TRIGGER one_angle_each BEFORE INSERT ON review_decision FOR EACH ROW EXECUTE FUNCTION public.review_one_angle_each()"
)
A_NO_FORBIDS = (
    "ALTER TABLE review_decision ADD CONSTRAINT no_forbids_pass "
    """CHECK (verdict <> 'PASS' OR NOT jsonb_path_exists(checks, '$.* ? (@ == "no")'))"""
)
REREVIEW = """
CREATE FUNCTION public.review_rereview_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'OPEN' THEN
    RAISE EXCEPTION 'a closed re-review neither changes nor vanishes' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT 1 FROM catalogue_courseversion v WHERE v.id = NEW.version_id AND v.author_id = NEW.reviewer_id) THEN
    RAISE EXCEPTION 'an author does not review their own work' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""
REREVIEW_TRIGGER = (
    "CREATE TRIGGER rereview_law BEFORE UPDATE OR DELETE ON review_rereview "
    "FOR EACH ROW EXECUTE FUNCTION public.review_rereview_law()"
)
FIRST_POLICY = """
INSERT INTO review_reviewpolicy (sla_working_days, one_angle_each, rereview_lead_days, law_working_days, by_name, reason, at)
VALUES (3, true, 30, 5, '', '产品初始规则', '2026-01-01T00:00:00+08:00')
"""


def cite(apps, editor):
    """Note the articles that versions name which were submitted before there was a register."""
    here = editor.connection.alias
    articles, citation = (apps.get_model("review", name).objects.using(here) for name in ("LawArticle", "Citation"))
    rows = apps.get_model("catalogue", "CourseVersion").objects.using(here).exclude(state="DRAFT")
    for version, bases in rows.values_list("pk", "legal_basis"):
        for law, number in {pair for basis in bases for pair in citations(str(basis))}:
            article, _made = articles.get_or_create(law=law[:80], article=number[:12])
            citation.get_or_create(version_id=version, article=article)


class Migration(migrations.Migration):
    """Triggers, a constraint, data."""

    dependencies: ClassVar = [("review", "0003_work"), ("catalogue", "0004_visibility")]
    operations: ClassVar = [
        append_only("review_submission"),
        append_only("review_findingentry"),
        append_only("review_reviewpolicy"),
        migrations.RunSQL([ONE_ANGLE_EACH, ONE_ANGLE_TRIGGER], "DROP FUNCTION public.review_one_angle_each() CASCADE"),
        migrations.RunSQL(A_NO_FORBIDS, "ALTER TABLE review_decision DROP CONSTRAINT no_forbids_pass"),
        migrations.RunSQL([REREVIEW, REREVIEW_TRIGGER], "DROP FUNCTION public.review_rereview_law() CASCADE"),
        migrations.RunSQL(FIRST_POLICY, migrations.RunSQL.noop),
        migrations.RunPython(cite, migrations.RunPython.noop),
    ]
