"""Tables."""

import uuid
from typing import ClassVar

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Shared banks, their questions and versions."""

    initial = True
    dependencies: ClassVar = [("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="SharedBank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=60, unique=True)),
                ("about", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("retired_reason", models.CharField(blank=True, max_length=200)),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="questions.sharedbank"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuestionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("DRAFT", "草稿"), ("IN_REVIEW", "审核中"), ("PUBLISHED", "已发布"), ("RETIRED", "已停用")],
                        default="DRAFT",
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "单选题"),
                            ("multiple", "多选题"),
                            ("judge", "判断题"),
                            ("blank", "填空题"),
                            ("order", "排序题"),
                            ("text", "问答题"),
                            ("case", "案例题"),
                        ],
                        max_length=10,
                    ),
                ),
                ("topic", models.CharField(max_length=40)),
                ("points", models.JSONField(default=list)),
                ("difficulty", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.TextField(blank=True, help_text="Every law that the question or a part of it names, one a line"),
                ),
                ("content", models.JSONField()),
                ("words", models.TextField()),
                ("fingerprint", models.CharField(db_index=True, max_length=64)),
                (
                    "author_id",
                    models.BigIntegerField(help_text="Credential of the platform person who wrote it; 0: part of the product"),
                ),
                ("note", models.CharField(blank=True, help_text="Why there is this version", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="questions.question"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "PUBLISHED")), fields=["topic"], name="questions_by_topic"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="questions_words", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "number"), name="question_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "PUBLISHED")), fields=("question",), name="one_published_question"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["DRAFT", "IN_REVIEW"])),
                        fields=("question",),
                        name="one_question_in_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "PUBLISHED"), _negated=True), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="published_question_has_a_date",
                    ),
                ],
            },
        ),
    ]
