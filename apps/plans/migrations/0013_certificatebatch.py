import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_samples"),
        ("plans", "0012_ratings_move_out"),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("SHEETS", "合并打印"), ("FILES", "逐份文件"), ("ISSUE", "核对发证")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "排队中"),
                            ("RUNNING", "正在处理"),
                            ("DONE", "已完成"),
                            ("CANCELLED", "已取消"),
                            ("FAILED", "处理中断"),
                            ("EXPIRED", "已过期删除"),
                        ],
                        default="QUEUED",
                        max_length=10,
                    ),
                ),
                ("ids", models.JSONField()),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("made", models.PositiveIntegerField(default=0)),
                (
                    "origin",
                    models.CharField(blank=True, help_text="Of the platform, where QR codes lead", max_length=120),
                ),
                ("at", models.DateTimeField()),
                ("rung_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("storage_key", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveIntegerField(default=0, help_text="Bytes of the ZIP")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.manager"),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.trainingplan",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="certificate_batch_newest")],
            },
        ),
    ]
