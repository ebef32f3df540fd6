"""Tries at quizzes; points at which a session stops; hours that are proven and wait for a course's test."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import apps.learning.fields

_SET_DEFAULT = (
    "ALTER TABLE learning_coverage ALTER COLUMN held SET DEFAULT '{}'",
    "ALTER TABLE learning_coverage ALTER COLUMN held DROP DEFAULT",
)
"""Older code that still runs names no such column."""
LAWS = {
    "learning_coverage": {
        "held_was_watched": "held <@ spans",
        "held_is_proven": "isempty(held * provisional)",
    },
    "learning_studysession": {"session_held_was_paid": "confirmed_ms + held_ms <= credited_ms"},
}
_LAWS = [
    migrations.RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} CHECK ({law})', f'ALTER TABLE "{table}" DROP CONSTRAINT {name}'
    )
    for table, laws in LAWS.items()
    for name, law in laws.items()
]


class Migration(migrations.Migration):
    dependencies = [("learning", "0009_sessions_by_day"), ("people", "0001_initial")]

    operations = [
        migrations.AddField("studysession", "held_ms", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("studysession", "holds", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("studysession", "gate_ms", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("studysession", "gate", models.UUIDField(blank=True, null=True)),
        migrations.AddField("coverage", "held", apps.learning.fields.SpansField(default=tuple)),
        migrations.RunSQL(*_SET_DEFAULT),
        *_LAWS,
        migrations.CreateModel(
            name="QuizTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("assignment_id", models.BigIntegerField()),
                ("version_id", models.BigIntegerField(help_text="Row of the public catalogue")),
                ("courseware_id", models.BigIntegerField()),
                (
                    "point",
                    models.UUIDField(blank=True, help_text="Of the catalogue; empty: the lesson itself is the quiz", null=True),
                ),
                ("number", models.PositiveIntegerField(help_text="Of the learner at this quiz or point, from 1")),
                ("items", models.JSONField()),
                ("opened_at", models.DateTimeField()),
                ("responses", models.JSONField(default=list)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("passed", models.BooleanField(blank=True, null=True)),
                (
                    "learner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.learner"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["learner", "version_id"], name="quiz_try_of_learner")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("learner", "courseware_id", "point", "number"),
                        name="quiz_try_number_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("learner", "courseware_id", "point"),
                        name="one_open_try_per_quiz",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("passed", True)),
                        fields=("learner", "courseware_id", "point"),
                        name="quiz_passed_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("passed", None), ("score", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("passed__isnull", False),
                                ("score__isnull", False),
                                ("score__lte", 100),
                            ),
                            _connector="OR",
                        ),
                        name="answered_try_has_a_result",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            [
                'CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON "learning_quiztry" FOR EACH ROW '
                "WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION public.refuse_change()",
                'ALTER TABLE "learning_quiztry" ENABLE ALWAYS TRIGGER stays',
            ],
            'DROP TRIGGER stays ON "learning_quiztry"',
        ),
    ]
