import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0002_attempts_by_day"),
        ("people", "0001_initial"),
        ("plans", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mistake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.CharField(max_length=80)),
                ("item", models.JSONField()),
                ("point", models.CharField(max_length=40)),
                ("times", models.PositiveSmallIntegerField(default=1, help_text="How often it was answered wrongly")),
                ("first_wrong_at", models.DateTimeField()),
                ("last_wrong_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("stability", models.FloatField(blank=True, null=True)),
                ("difficulty", models.FloatField(blank=True, null=True)),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                ("mastered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "learner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.learner"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("mastered_at__isnull", True)), fields=["learner", "due_on"], name="mistake_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("learner", "key"), name="mistake_once"),
                    models.CheckConstraint(condition=models.Q(("times__gte", 1)), name="mistake_times"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("difficulty__isnull", True), ("reviewed_on__isnull", True), ("stability__isnull", True)),
                            models.Q(
                                ("difficulty__isnull", False),
                                ("reviewed_on__isnull", False),
                                ("stability__gt", 0),
                                ("stability__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="mistake_memory_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collected",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=8)),
                ("ref", models.UUIDField()),
                ("no", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("point", models.CharField(max_length=40)),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("right", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.assignment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.learner"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("source", "practice"), _negated=True), fields=["at"], name="collected_by_day"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("ref", "no"), name="collected_once")],
            },
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "point",
                    models.CharField(blank=True, help_text="The point that is practised; empty: what is due", max_length=40),
                ),
                ("items", models.JSONField()),
                ("answers", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "learner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.learner"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)), fields=("learner",), name="one_open_practice"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True), ("finished_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="practice_ends_after_start",
                    ),
                ],
            },
        ),
    ]
