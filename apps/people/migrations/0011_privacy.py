import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tenants.database.append_only import forgets_names


class Migration(migrations.Migration):
    dependencies = [("people", "0010_archives_particulars")]

    operations = [
        migrations.AddField(
            model_name="identity",
            name="told_version",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Of the privacy notice that the learner has read",
                max_length=20,
            ),
        ),
        migrations.AddField(model_name="identity", name="told_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model_name="learner", name="restricted_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model_name="learner", name="erase_on", field=models.DateField(blank=True, null=True)),
        migrations.AddField(model_name="learner", name="erased_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="PrivacyRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("EXPORT", "导出我的信息"),
                            ("CORRECTION", "更正"),
                            ("RESTRICTION", "限制处理"),
                            ("ERASURE", "删除"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "待处理"),
                            ("APPROVED", "已同意"),
                            ("REFUSED", "未同意"),
                            ("WITHDRAWN", "本人已撤回"),
                            ("MAKING", "正在整理"),
                            ("READY", "可以下载"),
                            ("TAKEN", "已下载"),
                            ("EXPIRED", "已过期删除"),
                            ("FAILED", "没有生成"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("wanted_sealed", models.BinaryField(default=b"")),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("told", models.PositiveSmallIntegerField(default=0)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("effect", models.JSONField(default=dict)),
                ("storage_key", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveIntegerField(default=0, help_text="Bytes of the ZIP")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.manager",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.learner"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "WAITING")), fields=["due_at"], name="privacy_waiting"),
                    models.Index(fields=["learner", "-at"], name="privacy_of_learner"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["WAITING", "MAKING"])),
                        fields=("learner", "kind"),
                        name="privacy_one_open_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["APPROVED", "REFUSED"]), _negated=True),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False), ("reason__gt", "")),
                            _connector="OR",
                        ),
                        name="privacy_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "EXPORT"), _negated=True),
                            models.Q(("state__in", ["WAITING", "APPROVED", "REFUSED"]), _negated=True),
                            _connector="OR",
                        ),
                        name="privacy_export_answers_itself",
                    ),
                ],
            },
        ),
        forgets_names("people_change"),
    ]
