from django.db import migrations, models

import tenants.database.stamps


class Migration(migrations.Migration):
    dependencies = [
        ("regulators", "0003_identity_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requirement", models.CharField(blank=True, max_length=20)),
                ("stage", models.CharField(blank=True, max_length=10)),
                ("title", models.CharField(help_text="Printed as the heading", max_length=30)),
                ("design", models.CharField(help_text="Layout of the print", max_length=20)),
                ("months", models.PositiveSmallIntegerField(blank=True, help_text="Valid so long; empty: for ever", null=True)),
                ("basis", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="First day on which it no longer counts", null=True),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("requirement", "stage", "valid_from"), name="certificate_rule_once_per_date"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                        name="certificate_rule_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32)),
                ("schema_name", models.CharField(db_default=tenants.database.stamps.EnterpriseSchema(), max_length=63)),
                ("kind", models.CharField(choices=[("RENEWED", "已续期"), ("REVOKED", "已撤销")], max_length=10)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("UNTRUE", "学习记录不实"),
                            ("IMPOSTOR", "由他人代学代考"),
                            ("MISTAKE", "内容有误，另行补发"),
                            ("OTHER", "其他原因"),
                        ],
                        max_length=10,
                    ),
                ),
                ("other_code", models.CharField(blank=True, max_length=32)),
                ("other_number", models.CharField(blank=True, max_length=40)),
                ("entry", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "kind"), name="certificate_change_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "REVOKED"), models.Q(("reason", ""), _negated=True)),
                            models.Q(("kind", "RENEWED"), models.Q(("other_code", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="certificate_change_says_why",
                    ),
                ],
            },
        ),
    ]
