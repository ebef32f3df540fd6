"""A version may be held while a report about it is looked into; enterprises still see it, so that it can be said why."""

from typing import ClassVar

from django.db import migrations, models

_FORMER = """(SELECT public.enterprise_schema()) = 'platform' OR (
    state IN ('PUBLISHED', 'RETIRED', 'RECALLED') AND visible_to IN ('', (SELECT public.enterprise_schema())))"""
_NOW = """(SELECT public.enterprise_schema()) = 'platform' OR (
    state IN ('PUBLISHED', 'RETIRED', 'HELD', 'RECALLED') AND visible_to IN ('', (SELECT public.enterprise_schema())))"""
_STATES = [
    ("DRAFT", "草稿"),
    ("IN_REVIEW", "审核中"),
    ("PUBLISHED", "已发布"),
    ("RETIRED", "已下架"),
    ("HELD", "暂停使用"),
    ("RECALLED", "已召回"),
]
_LOG = [
    ("PUBLISH", "发布"),
    ("UNDO", "撤销发布"),
    ("RETIRE", "下架"),
    ("RECALL", "紧急召回"),
    ("HOLD", "暂停使用"),
    ("RELEASE", "恢复使用"),
]
_NEWS = [
    ("RECALLED", "课程召回"),
    ("HELD", "课程暂停"),
    ("RELEASED", "课程恢复"),
    ("RETIRED", "课程下架"),
    ("RIGHTS", "版权到期"),
    ("LAW", "法规变化"),
    ("REVIEWED", "复审结论"),
    ("NEW_VERSION", "新版本"),
]


class Migration(migrations.Migration):
    """Choices, and row-level security."""

    dependencies: ClassVar = [("catalogue", "0009_quizzes")]
    operations: ClassVar = [
        migrations.AlterField("courseversion", "state", models.CharField(choices=_STATES, default="DRAFT", max_length=10)),
        migrations.AlterField("publishlog", "kind", models.CharField(choices=_LOG, default="PUBLISH", max_length=8)),
        migrations.AlterField("notice", "kind", models.CharField(choices=_NEWS, max_length=12)),
        migrations.RunSQL(
            f"ALTER POLICY visible ON catalogue_courseversion USING ({_NOW})",
            f"ALTER POLICY visible ON catalogue_courseversion USING ({_FORMER})",
        ),
    ]
