"""A withdrawn renewal makes room for another; planned work has stages of its own."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """No row changes."""

    dependencies: ClassVar = [("site", "0003_rights")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="sitepaper",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="site.sitepaper",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitepaper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("replaces",), name="paper_renewed_once"
            ),
        ),
        migrations.AlterModelOptions(name="word", options={"ordering": ["at", "pk"]}),
        migrations.AlterField(
            model_name="word",
            name="stage",
            field=models.CharField(
                choices=[
                    ("FOUND", "正在排查"),
                    ("KNOWN", "已找到原因"),
                    ("WATCHED", "已修复，观察中"),
                    ("OVER", "已恢复"),
                    ("PLANNED", "已安排"),
                    ("WORKING", "维护中"),
                    ("DONE", "已完成"),
                    ("OFF", "已取消"),
                ],
                max_length=7,
            ),
        ),
    ]
