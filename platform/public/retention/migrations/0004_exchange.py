"""What was told to authorities has a period of its own: receipts record by record; the sums of each day stay."""

from datetime import date
from typing import Any, ClassVar

from django.db import migrations, models

CHOICES = [
    ("PROCESS", "学习过程数据"),
    ("BEATS", "学习心跳明细"),
    ("EVENTS", "操作日志"),
    ("LEDGER", "学习档案与培训证明"),
    ("EXCHANGE", "监管报送回执"),
]
ROWS = (
    ("EXCHANGE", "参考条件 五.4：数据交换日志不少于六个月", 6, 6, date(2019, 1, 1)),
    ("EXCHANGE", "平台规则：与学习过程数据的在线期相同，随时可逐条核对", 24, 24, date(2019, 1, 1)),
)


def seed(apps: Any, editor: Any) -> None:
    """Write the periods that hold now."""
    periods = apps.get_model("retention", "Period").objects.using(editor.connection.alias)
    for what, law, online, total, since in ROWS:
        periods.get_or_create(what=what, law=law, since=since, defaults={"months_online": online, "months_total": total})


class Migration(migrations.Migration):
    """A word and two rows."""

    dependencies: ClassVar = [("retention", "0003_age_of_rows")]
    operations: ClassVar = [
        migrations.AlterField("package", "what", models.CharField(choices=CHOICES, max_length=10)),
        migrations.AlterField("period", "what", models.CharField(choices=CHOICES, max_length=10)),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
