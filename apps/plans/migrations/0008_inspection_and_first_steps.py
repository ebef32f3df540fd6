import uuid

import django.db.models.deletion
from django.db import migrations, models

UNIT = {
    "blank": True,
    "null": True,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "people.unit",
}
MANAGER = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "people.manager"}


class Migration(migrations.Migration):
    dependencies = [("people", "0009_samples"), ("plans", "0007_sign_off")]

    operations = [
        migrations.AddField(
            model_name="trainingplan",
            name="sample",
            field=models.BooleanField(default=False, db_default=False, help_text="Made to try things with; counted nowhere"),
        ),
        migrations.CreateModel(
            name="FirstSteps",
            fields=[
                ("only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_by", models.ForeignKey(null=True, **MANAGER)),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(("only", True)), name="first_steps_once")]},
        ),
        migrations.CreateModel(
            name="InspectionPackage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "排队中"),
                            ("RUNNING", "正在生成"),
                            ("DONE", "已生成"),
                            ("CANCELLED", "已取消"),
                            ("FAILED", "生成中断"),
                            ("EXPIRED", "已过期删除"),
                        ],
                        default="QUEUED",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("rung_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("storage_key", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveIntegerField(default=0, help_text="Bytes of the ZIP")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("by", models.ForeignKey(**MANAGER)),
                ("unit", models.ForeignKey(**UNIT)),
            ],
            options={"indexes": [models.Index(fields=["-at"], name="inspection_package_newest")]},
        ),
        migrations.CreateModel(
            name="InspectionLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "token_digest",
                    models.CharField(help_text="SHA-256 of the secret in the link", max_length=64, unique=True),
                ),
                ("purpose", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(**MANAGER)),
                (
                    "package",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="plans.inspectionpackage",
                    ),
                ),
                ("unit", models.ForeignKey(**UNIT)),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="inspection_link_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("at"))), name="inspection_link_expires_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))), name="inspection_link_has_a_period"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(choices=[("OPENED", "打开链接"), ("PACKAGE", "下载材料包")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                ("ip", models.GenericIPAddressField()),
                (
                    "agent",
                    models.CharField(blank=True, help_text="What the browser calls itself", max_length=200),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="plans.inspectionlink",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["link", "-at"], name="inspection_visit_newest")]},
        ),
    ]
