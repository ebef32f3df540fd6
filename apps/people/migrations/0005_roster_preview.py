from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_history_only_grows"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeadingMeaning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heading", models.CharField(max_length=60, unique=True)),
                ("column", models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.AddField(
            model_name="importjob",
            name="chosen",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importjob",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="importjob",
            name="preview",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="importjob",
            name="rung_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importjob",
            name="skipped",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="importjob",
            name="step",
            field=models.CharField(
                choices=[("CHECK", "检查"), ("WRITE", "写入")], db_default="CHECK", default="CHECK", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="importjob",
            name="table_key",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="importjob",
            name="whole",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AlterField(
            model_name="importjob",
            name="state",
            field=models.CharField(
                choices=[
                    ("QUEUED", "排队中"),
                    ("RUNNING", "正在检查和导入"),
                    ("MAPPING", "等待对应列"),
                    ("READY", "等待确认"),
                    ("REFUSED", "名单有错误，未导入"),
                    ("DONE", "导入完成"),
                    ("CANCELLED", "已取消，未写入任何数据"),
                    ("FAILED", "导入中断，未写入任何数据"),
                ],
                default="QUEUED",
                max_length=10,
            ),
        ),
    ]
