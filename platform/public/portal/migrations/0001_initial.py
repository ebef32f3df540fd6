"""The first tables of the portal."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """The rows of the portal; what was said only grows. No enterprise has a right to any of them."""

    initial = True

    dependencies = [("tenants", "0002_functions")]

    operations = [
        migrations.CreateModel(
            name="Figures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("schema_name", models.CharField(max_length=63)),
                ("period", models.CharField(max_length=7)),
                ("on_books", models.PositiveIntegerField()),
                ("covered", models.PositiveIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("effective_ms", models.BigIntegerField()),
                ("exams", models.PositiveIntegerField()),
                ("exams_passed", models.PositiveIntegerField()),
                ("certificates", models.PositiveIntegerField()),
                ("complaints", models.PositiveIntegerField()),
                ("complaints_in_time", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["schema_name", "period"], name="figures_of_enterprise")],
                "constraints": [
                    models.UniqueConstraint(fields=("period", "schema_name"), name="figures_once"),
                    models.CheckConstraint(condition=models.Q(("period__regex", "^\\d{4}(-\\d{2})?$")), name="figures_period"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(max_length=16, unique=True)),
                ("schema_name", models.CharField(max_length=63)),
                ("regulator_id", models.BigIntegerField()),
                ("organisation", models.CharField(max_length=80)),
                ("division_prefix", models.CharField(max_length=6)),
                ("title", models.CharField(max_length=80)),
                ("found", models.CharField(max_length=2000)),
                ("basis", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("round", models.PositiveSmallIntegerField(default=1, help_text="2 and more: asked again")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "待整改"),
                            ("ANSWERED", "待复核"),
                            ("AGAIN", "需再整改"),
                            ("ACCEPTED", "已通过"),
                            ("WITHDRAWN", "已撤回"),
                        ],
                        default="ASKED",
                        max_length=9,
                    ),
                ),
                ("stage", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, help_text="The last answer of the present round", null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["schema_name", "asked_at"], name="rectification_of_enterprise"),
                    models.Index(
                        condition=models.Q(("state__in", ["ASKED", "AGAIN"])), fields=["due_on"], name="rectification_waits"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state__in", ["ACCEPTED", "WITHDRAWN"])),
                            models.Q(("closed_at", None), ("state__in", ["ASKED", "ANSWERED", "AGAIN"])),
                            _connector="OR",
                        ),
                        name="rectification_closed_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("found", ""), _negated=True),
                            models.Q(("basis", ""), _negated=True),
                            models.Q(("title", ""), _negated=True),
                        ),
                        name="rectification_says_what",
                    ),
                    models.CheckConstraint(condition=models.Q(("stage__range", (0, 3))), name="rectification_stage"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upload", models.UUIDField(unique=True)),
                ("file_name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("by", models.CharField(help_text="manager:7", max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "rectification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="portal.rectification"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ASKED", "发出整改通知"),
                            ("SEEN", "企业已查看"),
                            ("ATTACHED", "上传附件"),
                            ("ANSWERED", "提交整改情况"),
                            ("AGAIN", "要求再整改"),
                            ("ACCEPTED", "复核通过"),
                            ("WITHDRAWN", "撤回"),
                            ("SOON", "即将到期提醒"),
                            ("LATE", "逾期"),
                            ("LATE_LONG", "逾期满一周"),
                        ],
                        max_length=9,
                    ),
                ),
                ("actor", models.CharField(help_text="credential:7, manager:7 or system", max_length=40)),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="Organisation of the authority, or masked name of the manager", max_length=80
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=2000)),
                ("due_on", models.DateField(blank=True, help_text="Until when, where the step sets it", null=True)),
                (
                    "rectification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="portal.rectification"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["rectification", "at"], name="step_of_rectification")],
            },
        ),
        append_only("portal_step"),
        append_only("portal_attachment"),
    ]
