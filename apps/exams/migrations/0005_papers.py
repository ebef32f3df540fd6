import uuid

import django.db.models.deletion
from django.db import migrations, models

STAYS = """
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON "exams_paperrevision" FOR EACH ROW WHEN (OLD.used_at IS NOT NULL)
EXECUTE FUNCTION public.refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("exams", "0004_bank_only_grows")]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PaperRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(help_text="1 for the first")),
                ("title", models.CharField(max_length=80)),
                ("mode", models.CharField(choices=[("DRAWN", "随机抽题"), ("FIXED", "固定试题")], max_length=5)),
                ("content", models.JSONField(default=list)),
                ("questions", models.PositiveSmallIntegerField()),
                ("points", models.PositiveSmallIntegerField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("pass_score", models.PositiveSmallIntegerField(help_text="Percent of the points")),
                ("tries", models.PositiveSmallIntegerField()),
                ("policy", models.JSONField(default=dict, help_text="`ExamPolicy`")),
                ("is_shuffled", models.BooleanField(default=True)),
                ("saved_by", models.CharField(max_length=80)),
                ("saved_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "paper",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="exams.paper"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "number"), name="paper_revision_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("pass_score__gte", 60), ("pass_score__lte", 100)), name="paper_pass_score_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("questions__gte", 1), ("questions__lte", 100), ("points__gte", 1), ("minutes__gte", 1)
                        ),
                        name="paper_has_questions",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            [STAYS, 'ALTER TABLE "exams_paperrevision" ENABLE ALWAYS TRIGGER stays'],
            'DROP TRIGGER stays ON "exams_paperrevision"',
        ),
    ]
