"""A file may be withdrawn before its time: somebody in it was erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0015_certificate_reissue"),
    ]

    operations = [
        migrations.AlterField(
            model_name="archivepackage",
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
