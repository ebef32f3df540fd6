"""Tables of the search. `pg_trgm` comes with PostgreSQL and is trusted: the owner of the database may create it."""

from typing import ClassVar

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import public.search.models


class Migration(migrations.Migration):
    """Tables."""

    initial = True
    dependencies: ClassVar = [
        ("catalogue", "0004_visibility"),
    ]

    operations: ClassVar = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="CourseQuality",
            fields=[
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="catalogue.course",
                    ),
                ),
                ("starts", models.PositiveIntegerField(default=0)),
                ("completions", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("passes", models.PositiveIntegerField(default=0)),
                ("ratings", models.PositiveIntegerField(default=0)),
                ("rating_sum", models.PositiveIntegerField(default=0)),
                ("low_since", models.DateTimeField(blank=True, null=True)),
                (
                    "handled_at",
                    models.DateTimeField(blank=True, help_text="When an operator dealt with the present low", null=True),
                ),
                ("handled_by", models.BigIntegerField(blank=True, null=True)),
                ("handled_note", models.CharField(blank=True, max_length=200)),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.JSONField(help_text='["有限空间", "受限空间"]')),
                ("note", models.CharField(blank=True, max_length=120)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="catalogue.courseversion",
                    ),
                ),
                ("course_id", models.BigIntegerField()),
                ("is_open", models.BooleanField(default=True, help_text="The version is the published one")),
                (
                    "visible_to",
                    models.CharField(blank=True, help_text="Schema of the only enterprise that may see it", max_length=63),
                ),
                ("code", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("trainer", models.CharField(max_length=40)),
                ("key_points", models.JSONField(default=list)),
                ("audience", models.CharField(max_length=4)),
                ("industry", models.CharField(max_length=40)),
                ("topic", models.CharField(max_length=4)),
                ("place", models.CharField(blank=True, help_text="Code of the taxonomy's node", max_length=40)),
                ("category", models.CharField(max_length=60)),
                (
                    "provider",
                    models.CharField(blank=True, help_text="Enterprise that offers it; empty: the platform", max_length=80),
                ),
                ("hours", models.CharField(max_length=1)),
                ("rating", models.CharField(default="0", max_length=1)),
                ("duration_ms", models.PositiveBigIntegerField(default=0)),
                ("published_at", models.DateTimeField()),
                ("rating_bound", models.FloatField(blank=True, null=True)),
                ("ratings", models.PositiveIntegerField(default=0)),
                ("completion", models.FloatField(blank=True, null=True)),
                ("passing", models.FloatField(blank=True, null=True)),
                ("quality", models.FloatField(default=1.0)),
                ("title_key", models.CharField(max_length=120)),
                ("letters", models.TextField(help_text="Pinyin and initials of title | key points, trainer; code")),
                (
                    "head",
                    django.contrib.postgres.search.SearchVectorField(
                        help_text="Title, code (A), key points, trainer (B): small, it ranks"
                    ),
                ),
                (
                    "near",
                    django.contrib.postgres.search.SearchVectorField(
                        help_text="The same words as they sound, with one character left out: for misspelt questions"
                    ),
                ),
                (
                    "body",
                    django.contrib.postgres.search.SearchVectorField(help_text="Everything, with lesson titles and subtitles"),
                ),
                ("digest", models.CharField(help_text="Of all that the row was made from", max_length=32)),
                ("indexed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["near"], name="entry_near"),
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["body"], name="entry_body"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["letters"], name="entry_letters", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["course_id"], name="entry_course"),
                    models.Index(
                        fields=["version"],
                        include=[
                            "is_open",
                            "visible_to",
                            "quality",
                            "audience",
                            "industry",
                            "topic",
                            "hours",
                            "category",
                            "rating",
                            "trainer",
                            "provider",
                            "published_at",
                            "duration_ms",
                            "rating_bound",
                            "ratings",
                        ],
                        name="entry_browse",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityDaily",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("schema_name", models.CharField(db_default=public.search.models.EnterpriseSchema(), max_length=63)),
                ("day", models.DateField()),
                ("course_id", models.BigIntegerField()),
                ("starts", models.PositiveIntegerField(default=0)),
                ("completions", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("passes", models.PositiveIntegerField(default=0)),
                ("ratings", models.PositiveIntegerField(default=0)),
                ("rating_sum", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "search_quality_daily",
                "indexes": [models.Index(fields=["course_id", "day"], name="quality_course")],
                "constraints": [
                    models.UniqueConstraint(fields=("schema_name", "day", "course_id"), name="quality_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rating_sum__gte", models.F("ratings")),
                            (
                                "rating_sum__lte",
                                django.db.models.expressions.CombinedExpression(models.F("ratings"), "*", models.Value(5)),
                            ),
                        ),
                        name="quality_stars_1_to_5",
                    ),
                ],
            },
        ),
    ]
