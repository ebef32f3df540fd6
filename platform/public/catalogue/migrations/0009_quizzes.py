"""Quizzes as lessons and as points of films; frozen and seen like the other parts of a version."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from tenants.database.append_only import visible_to_enterprises

_OF_A_VERSION = "EXISTS (SELECT 1 FROM catalogue_courseversion v WHERE v.id = version_id)"
_STAYS = [
    'CREATE TRIGGER stays BEFORE INSERT OR UPDATE OR DELETE ON "catalogue_quiz" '
    "FOR EACH ROW EXECUTE FUNCTION public.keep_part_of_version()",
    'ALTER TABLE "catalogue_quiz" ENABLE ALWAYS TRIGGER stays',
]
_RULES = [("none", "学时照常计入，测验单独完成"), ("void-until-done", "测验通过前，本课程学时不计入")]
_ON_WRONG = [("again", "可再答，再错回到本段开头"), ("back", "回到本段开头重看")]


class Migration(migrations.Migration):
    """One column, one that may be empty now, one table with its law."""

    dependencies: ClassVar = [("catalogue", "0008_questions_moved")]
    operations: ClassVar = [
        migrations.AddField(
            "courseversion", "quiz_rule", models.CharField(choices=_RULES, db_default="none", default="none", max_length=16)
        ),
        migrations.AlterField(
            "courseware",
            "media",
            models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.mediaasset"),
        ),
        migrations.CreateModel(
            name="Quiz",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "at_ms",
                    models.PositiveIntegerField(
                        blank=True, help_text="Where the film stops; empty: the lesson is the quiz", null=True
                    ),
                ),
                (
                    "questions",
                    models.JSONField(default=list, help_text='[{"question": "<uuid>", "version": 3}] in order'),
                ),
                ("topics", models.JSONField(default=list)),
                (
                    "count",
                    models.PositiveSmallIntegerField(default=0, help_text="Questions drawn from the topics for each try"),
                ),
                ("pass_score", models.PositiveSmallIntegerField(default=80)),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Tries before the learner must study again; 0: any number"
                    ),
                ),
                ("restudy_minutes", models.PositiveSmallIntegerField(default=0)),
                ("on_wrong", models.CharField(choices=_ON_WRONG, default="again", max_length=5)),
                (
                    "courseware",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="quizzes", to="catalogue.courseware"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="quizzes", to="catalogue.courseversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("at_ms__isnull", True)), fields=("courseware",), name="one_quiz_per_lesson"
                    ),
                    models.UniqueConstraint(fields=("courseware", "at_ms"), name="one_point_at_a_time"),
                    models.CheckConstraint(
                        condition=models.Q(("pass_score__gte", 1), ("pass_score__lte", 100)), name="quiz_pass_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("at_ms__isnull", True), ("count", 0), _connector="OR"),
                        name="points_ask_chosen_questions",
                    ),
                ]
            },
        ),
        migrations.RunSQL(_STAYS, 'DROP TRIGGER stays ON "catalogue_quiz"'),
        visible_to_enterprises("catalogue_quiz", _OF_A_VERSION),
    ]
