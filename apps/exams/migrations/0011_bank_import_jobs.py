"""Large imports are read and written by a worker."""

from typing import ClassVar

from django.db import migrations, models

OPEN = ["READING", "READY", "WRITING"]


class Migration(migrations.Migration):
    """Columns, two more states on the way and one at the end."""

    dependencies: ClassVar = [("exams", "0010_mistakes_held")]
    operations: ClassVar = [
        migrations.AddField("bankimport", "storage_key", models.CharField(blank=True, db_default="", default="", max_length=200)),
        migrations.AddField("bankimport", "asked", models.JSONField(blank=True, db_default={}, default=dict)),
        migrations.AddField("bankimport", "problem", models.CharField(blank=True, db_default="", default="", max_length=300)),
        migrations.AddField("bankimport", "rung_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "bankimport",
            "state",
            models.CharField(
                choices=[
                    ("READING", "正在读取"),
                    ("READY", "待确认"),
                    ("WRITING", "正在导入"),
                    ("DONE", "已导入"),
                    ("GIVEN_UP", "已放弃"),
                    ("FAILED", "无法读取"),
                ],
                default="READY",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("bankimport", "bank_import_ends"),
        migrations.AddConstraint(
            "bankimport",
            models.CheckConstraint(
                name="bank_import_ends",
                condition=models.Q(("ended_at", None), ("state__in", OPEN))
                | models.Q(models.Q(("state__in", OPEN), _negated=True), ("ended_at__isnull", False)),
            ),
        ),
    ]
