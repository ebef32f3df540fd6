"""Which laws questions name, what must be looked at when one changes; files that wait for a yes."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from public.questions.laws import citations


def read_laws(apps, schema_editor):
    """Note the laws that versions named so far."""
    here = schema_editor.connection.alias
    version, citation = (apps.get_model("questions", name) for name in ("QuestionVersion", "Citation"))
    rows = []
    for row in version.objects.using(here).exclude(state="DRAFT").only("pk", "basis"):
        named = {pair for line in row.basis.splitlines() for pair in citations(line)}
        rows += [citation(version_id=row.pk, law=law[:80], article=article[:12]) for law, article in sorted(named)]
    citation.objects.using(here).bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Tables and data."""

    dependencies: ClassVar = [("questions", "0003_move")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("law", models.CharField(help_text="As in `laws.law_name`", max_length=80)),
                ("article", models.CharField(blank=True, max_length=12)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="questions.questionversion"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["law", "article"], name="question_citation_law")],
                "constraints": [models.UniqueConstraint(fields=("version", "law", "article"), name="question_citation_once")],
            },
        ),
        migrations.CreateModel(
            name="Recheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("law", models.CharField(max_length=80)),
                ("article", models.CharField(blank=True, max_length=12)),
                ("changed_on", models.DateField()),
                ("note", models.CharField(max_length=300)),
                ("opened_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("KEPT", "仍然正确"), ("RENEWED", "已发布新版本"), ("RETIRED", "已停用")],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("closed_by", models.BigIntegerField(blank=True, help_text="Credential", null=True)),
                ("closed_name", models.CharField(blank=True, max_length=60)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rechecks", to="questions.question"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")), fields=("question", "law", "article"), name="one_open_recheck"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("outcome", "")),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_closed_recheck_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("author_id", models.BigIntegerField(help_text="Credential")),
                ("file_name", models.CharField(max_length=120)),
                ("lines", models.JSONField()),
                ("strays", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("made", models.PositiveIntegerField(default=0)),
                (
                    "bank",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="questions.sharedbank"),
                ),
            ],
            options={"indexes": [models.Index(fields=["author_id"], name="question_import_author")]},
        ),
        migrations.RunPython(read_laws, migrations.RunPython.noop),
    ]
