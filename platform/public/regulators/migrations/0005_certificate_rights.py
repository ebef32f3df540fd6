"""Changes of certificates only grow and belong to their enterprise; the first rules of looks and terms."""

from datetime import date
from typing import Any, ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, own_rows_only

_NO_3 = "国家安全监管总局令第3号第九条、第十三条：每年再培训"
_OURS = "法规没有统一期限，由平台建议"
RULES = [
    ("", "", "安全生产培训证明", "worker", None, ""),
    ("FZ", "", "主要负责人安全培训证明", "officer", 12, _NO_3),
    ("GL", "", "安全生产管理人员安全培训证明", "officer", 12, _NO_3),
    ("CY", "", "从业人员安全培训证明", "worker", None, ""),
    ("CY-GEN", "INITIAL", "三级安全教育培训证明", "worker", None, ""),
    ("CY-GEN", "ANNUAL", "从业人员安全再培训证明", "worker", 12, _OURS),
    ("CY-HR", "INITIAL", "三级安全教育培训证明", "worker", 12, _NO_3),
    ("CY-HR", "ANNUAL", "从业人员安全再培训证明", "worker", 12, _NO_3),
    ("TZ", "", "特种作业人员安全技术培训证明", "special", None, ""),
    ("XF-IN", "", "相关方入厂安全教育证明", "special", 12, _OURS),
    ("XF-FIRE", "", "消防安全培训证明", "special", 12, "公安部令第61号第三十六条：每年至少一次"),
    ("YX", "", "有限空间作业安全培训证明", "special", 12, "应急管理部令第13号：每年至少一次"),
]


def load(apps: Any, editor: Any) -> None:
    """Write the rows of the first day."""
    rows = apps.get_model("regulators", "CertificateRule").objects.using(editor.connection.alias)
    names = ("requirement", "stage", "title", "design", "months", "basis")
    made = [rows.model(**dict(zip(names, values, strict=True)), valid_from=date(2020, 1, 1)) for values in RULES]
    rows.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Triggers, row-level security, data."""

    dependencies: ClassVar = [("regulators", "0004_certificate_rules_and_changes"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("regulators_certificatechange"),
        own_rows_only("regulators_certificatechange"),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
