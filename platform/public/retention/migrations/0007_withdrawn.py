"""A file may be withdrawn before its time: somebody in it was erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0006_one_source"),
    ]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="state",
            field=models.CharField(
                choices=[
                    ("QUEUED", "排队中"),
                    ("RUNNING", "处理中"),
                    ("DONE", "已完成"),
                    ("CANCELLED", "已取消"),
                    ("FAILED", "未成功"),
                    ("EXPIRED", "已过期删除"),
                    ("WITHDRAWN", "已提前失效"),
                ],
                default="QUEUED",
                max_length=10,
            ),
        ),
    ]
