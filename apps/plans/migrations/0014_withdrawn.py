"""A file may be withdrawn before its time: somebody in it was erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0013_certificatebatch"),
    ]

    operations = [
        migrations.AlterField(
            model_name="certificatebatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("QUEUED", "排队中"),
                    ("RUNNING", "正在处理"),
                    ("DONE", "已完成"),
                    ("CANCELLED", "已取消"),
                    ("FAILED", "处理中断"),
                    ("EXPIRED", "已过期删除"),
                    ("WITHDRAWN", "已提前失效"),
                ],
                default="QUEUED",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="inspectionpackage",
            name="state",
            field=models.CharField(
                choices=[
                    ("QUEUED", "排队中"),
                    ("RUNNING", "正在生成"),
                    ("DONE", "已生成"),
                    ("CANCELLED", "已取消"),
                    ("FAILED", "生成中断"),
                    ("EXPIRED", "已过期删除"),
                    ("WITHDRAWN", "已提前失效"),
                ],
                default="QUEUED",
                max_length=10,
            ),
        ),
    ]
