"""What operators are told, and where they want mail."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables."""

    dependencies: ClassVar = [
        ("operators", "0003_roles_by_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="OperatorMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.BinaryField()),
                ("proven_at", models.DateTimeField()),
                (
                    "credential",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OperatorNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=120)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("WAITING", "待发送"),
                            ("SENT", "已发送"),
                            ("NO_ADDRESS", "没有留邮箱"),
                            ("FAILED", "没有送出"),
                            ("MOOT", "不必再发"),
                        ],
                        default="WAITING",
                        max_length=10,
                    ),
                ),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "credential",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["credential", "-at"], name="operator_notice_by_reader"),
                    models.Index(condition=models.Q(("mail", "WAITING")), fields=["id"], name="operator_notice_to_mail"),
                    models.Index(fields=["about"], name="operator_notice_by_about"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("credential", "about"), name="operator_told_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mail", "SENT"), ("mailed_at__isnull", False)),
                            models.Q(models.Q(("mail", "SENT"), _negated=True), ("mailed_at", None)),
                            _connector="OR",
                        ),
                        name="operator_mailed_at_some_time",
                    ),
                ],
            },
        ),
    ]
