"""Questions are reviewed like courses: frozen, four signed verdicts, nobody on their own work."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from tenants.database.append_only import append_only

# The batch's row is held, so that one person cannot sign two angles of it in the same moment on two connections.
VERDICT = """
CREATE FUNCTION public.review_batch_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  author bigint;
BEGIN
  SELECT author_id INTO author FROM review_questionbatch WHERE id = NEW.batch_id FOR UPDATE;
  IF author = NEW.reviewer_id THEN
    RAISE EXCEPTION 'an author does not review their own work' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (SELECT one_angle_each FROM review_reviewpolicy ORDER BY at DESC, id DESC LIMIT 1) AND EXISTS (
    SELECT 1 FROM review_batchverdict v WHERE v.batch_id = NEW.batch_id AND v.reviewer_id = NEW.reviewer_id) THEN
    RAISE EXCEPTION 'one angle each: this reviewer judged another angle of the batch' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""
BATCH = """
CREATE FUNCTION public.keep_question_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may constant text[] := ARRAY['state', 'closed_at'];
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - may IS DISTINCT FROM to_jsonb(OLD) - may THEN
    RAISE EXCEPTION 'batch % was submitted and never changes', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""
_ANGLES = [("POLITICAL", "政治性"), ("COMPLIANCE", "合规性"), ("COMPLETENESS", "完整性"), ("FIT", "针对性")]


class Migration(migrations.Migration):
    """Tables and triggers."""

    dependencies: ClassVar = [("review", "0004_laws"), ("questions", "0004_laws")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="QuestionBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("IN_REVIEW", "审核中"),
                            ("RETURNED", "已退回"),
                            ("PASSED", "待发布"),
                            ("PUBLISHED", "已发布"),
                        ],
                        default="IN_REVIEW",
                        max_length=10,
                    ),
                ),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveSmallIntegerField(help_text="How many questions")),
                ("author_id", models.BigIntegerField(help_text="Credential")),
                ("author_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"indexes": [models.Index(fields=["state", "due_at"], name="question_batch_open")]},
        ),
        migrations.CreateModel(
            name="BatchVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="review.questionbatch"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batch_lines", to="questions.questionversion"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("batch", "version"), name="batch_version_once")]},
        ),
        migrations.CreateModel(
            name="BatchVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("angle", models.CharField(choices=_ANGLES, max_length=14)),
                ("verdict", models.CharField(choices=[("PASS", "通过"), ("RETURN", "退回修改")], max_length=6)),
                ("note", models.TextField(blank=True)),
                ("remarks", models.JSONField(default=dict)),
                ("checklist", models.CharField(max_length=40)),
                ("checks", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=120)),
                ("key_id", models.CharField(max_length=16)),
                ("reviewer_id", models.BigIntegerField()),
                ("reviewer_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdicts", to="review.questionbatch"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "angle"), name="one_verdict_per_angle_of_a_batch"),
                    models.CheckConstraint(
                        condition=models.Q(("signature", ""), _negated=True), name="a_batch_verdict_is_signed"
                    ),
                ],
            },
        ),
        append_only("review_batchversion"),
        append_only("review_batchverdict"),
        migrations.RunSQL(
            [
                BATCH,
                "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON review_questionbatch "
                "FOR EACH ROW EXECUTE FUNCTION public.keep_question_batch()",
                "ALTER TABLE review_questionbatch ENABLE ALWAYS TRIGGER stays",
            ],
            "DROP FUNCTION public.keep_question_batch() CASCADE",
        ),
        migrations.RunSQL(
            [
                VERDICT,
                "CREATE TRIGGER batch_verdict_law BEFORE INSERT ON review_batchverdict "
                "FOR EACH ROW EXECUTE FUNCTION public.review_batch_verdict()",
            ],
            "DROP FUNCTION public.review_batch_verdict() CASCADE",
        ),
        migrations.RunSQL(
            "ALTER TABLE review_batchverdict ADD CONSTRAINT no_forbids_batch_pass "
            """CHECK (verdict <> 'PASS' OR NOT jsonb_path_exists(checks, '$.* ? (@ == "no")'))""",
            "ALTER TABLE review_batchverdict DROP CONSTRAINT no_forbids_batch_pass",
        ),
    ]
