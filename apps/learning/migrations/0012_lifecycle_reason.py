"""A session may end because the enterprise was suspended or is closing; no structure changes."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One choice more."""

    dependencies: ClassVar = [("learning", "0011_fewer_laws")]
    operations: ClassVar = [
        migrations.AlterField(
            "studysession",
            "close_reason",
            models.CharField(
                blank=True,
                choices=[
                    ("finished", "课件学完"),
                    ("left", "离开播放页面"),
                    ("taken_over", "在另一处开始学习"),
                    ("terminal_taken", "同一终端换了学员"),
                    ("idle", "30 分钟没有学习"),
                    ("daily_limit", "当日已满 8 学时"),
                    ("recalled", "课程被召回"),
                    ("locked", "当日三次未通过在场核验，已锁定"),
                    ("archived", "学员已归档"),
                    ("suspended", "企业服务已暂停"),
                ],
                max_length=20,
            ),
        ),
    ]
