"""The tables of complaints; the platform's alone."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

_CATEGORY = [
    ("INQUIRY", "咨询"),
    ("FAULT", "故障（不能学习或考试）"),
    ("GENERAL", "一般投诉、建议"),
    ("COMPLEX", "学时、成绩、课程质量"),
    ("CONTENT", "违法有害信息、侵权"),
    ("PRIVACY", "个人信息"),
]
_COMPLAINT_STATE = [
    ("FILED", "待受理"),
    ("OPEN", "处理中"),
    ("WAITING", "等待补充"),
    ("DECIDED", "已办结"),
    ("WITHDRAWN", "已撤回"),
]
_COMPLAINT_CHANNEL = [
    ("WEB", "网页"),
    ("PHONE", "电话"),
    ("SYSTEM", "系统转入"),
]
_COMPLAINT_FILER = [
    ("PUBLIC", "社会公众"),
    ("LEARNER", "学员"),
    ("MANAGER", "企业管理人员"),
    ("SYSTEM", "系统"),
]
_COMPLAINT_OUTCOME = [
    ("UPHELD", "属实，已处理"),
    ("PARTLY", "部分属实，已处理"),
    ("UNFOUNDED", "不属实"),
    ("ANSWERED", "已答复"),
    ("DECLINED", "不予受理"),
]
_COMPLAINT_EXTENSION = [
    ("", "未申请"),
    ("ASKED", "待批准"),
    ("GRANTED", "已批准"),
    ("REFUSED", "未批准"),
]
_EVENT_KIND = [
    ("FILED", "提交"),
    ("ACCEPTED", "受理"),
    ("ASSIGNED", "指派"),
    ("NOTE", "内部备注"),
    ("ASKED", "请求补充"),
    ("REPLIED", "补充说明"),
    ("RESUMED", "继续处理"),
    ("ATTACHED", "上传附件"),
    ("EXT_ASKED", "申请延期"),
    ("EXT_GRANTED", "批准延期"),
    ("EXT_REFUSED", "不批准延期"),
    ("ESCALATED", "期限提醒"),
    ("LINKED", "关联"),
    ("HELD", "先行隐藏内容"),
    ("KEPT", "未先行隐藏"),
    ("RELEASED", "恢复内容"),
    ("REMOVED", "撤下内容"),
    ("CONTACT", "查看联系方式"),
    ("ACC_ASKED", "申请调阅记录"),
    ("ACC_GRANT", "批准调阅记录"),
    ("ACC_REFUSE", "不批准调阅"),
    ("ACC_READ", "调阅记录"),
    ("ACC_END", "结束调阅"),
    ("DECIDED", "办结"),
    ("RATED", "评价"),
    ("REOPENED", "要求重新办理"),
    ("WITHDRAWN", "撤回"),
]
_ACCESSGRANT_STATE = [
    ("ASKED", "待批准"),
    ("GRANTED", "已批准"),
    ("REFUSED", "未批准"),
    ("ENDED", "已结束"),
]


class Migration(migrations.Migration):
    """Tables."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(max_length=8, choices=_CATEGORY)),
                ("valid_from", models.DateField()),
                ("answer_minutes", models.PositiveIntegerField()),
                ("office_only", models.BooleanField(default=False)),
                ("settle_hours", models.PositiveSmallIntegerField(null=True, blank=True)),
                ("settle_days", models.PositiveSmallIntegerField(null=True, blank=True)),
                ("extend_days", models.PositiveSmallIntegerField(default=0)),
                ("hides_first", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=80, help_text="A reference such as operator:7, or seed")),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["category", "valid_from"], name="promise_one_a_day"),
                    models.CheckConstraint(
                        name="promise_in_hours_or_days",
                        condition=models.Q(settle_hours__gte=1, settle_days=None)
                        | models.Q(settle_hours=None, settle_days__gte=1),
                    ),
                    models.CheckConstraint(name="promise_answers", condition=models.Q(answer_minutes__gte=1)),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True, editable=False)),
                ("number", models.CharField(max_length=16, unique=True)),
                ("code_index", models.CharField(max_length=64)),
                ("schema_name", models.CharField(max_length=63, blank=True)),
                ("channel", models.CharField(max_length=6, choices=_COMPLAINT_CHANNEL)),
                ("filer", models.CharField(max_length=7, choices=_COMPLAINT_FILER)),
                ("subject", models.UUIDField(null=True, blank=True)),
                ("contact_sealed", models.BinaryField(null=True, blank=True)),
                ("category", models.CharField(max_length=8, choices=_CATEGORY)),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.promise",
                        help_text="The times promised to this complainant",
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=4000)),
                ("about", models.CharField(max_length=80, blank=True)),
                (
                    "version_id",
                    models.BigIntegerField(null=True, blank=True, help_text="Course version that is complained about"),
                ),
                (
                    "held_at",
                    models.DateTimeField(null=True, blank=True, help_text="When the course was hidden for this complaint"),
                ),
                ("state", models.CharField(max_length=9, choices=_COMPLAINT_STATE, default="FILED")),
                ("round", models.PositiveSmallIntegerField(default=1, help_text="2 and more: reopened")),
                (
                    "assignee_id",
                    models.BigIntegerField(null=True, blank=True, help_text="Credential of the operator who deals with it"),
                ),
                ("filed_at", models.DateTimeField()),
                ("clock_from", models.DateTimeField()),
                ("answer_due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True, blank=True)),
                ("due_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(null=True, blank=True)),
                ("stage", models.PositiveSmallIntegerField(default=0)),
                ("extension", models.CharField(max_length=7, choices=_COMPLAINT_EXTENSION, default="", blank=True)),
                ("extension_reason", models.CharField(max_length=300, blank=True)),
                ("extension_by", models.BigIntegerField(null=True, blank=True, help_text="Credential of who asked")),
                ("extension_decided_by", models.BigIntegerField(null=True, blank=True)),
                ("outcome", models.CharField(max_length=9, choices=_COMPLAINT_OUTCOME, blank=True)),
                ("reason", models.CharField(max_length=2000, blank=True)),
                ("decided_by", models.BigIntegerField(null=True, blank=True, help_text="Credential; empty where a system did")),
                ("decided_at", models.DateTimeField(null=True, blank=True)),
                ("stars", models.PositiveSmallIntegerField(null=True, blank=True, help_text="Satisfaction, 1 to 5")),
                ("stars_words", models.CharField(max_length=300, blank=True)),
                ("tell", models.CharField(max_length=10, blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["about"], condition=~models.Q(about=""), name="complaint_about_once"),
                    models.CheckConstraint(
                        name="complaint_decided_with_reason",
                        condition=(
                            models.Q(state="DECIDED", decided_at__isnull=False) & ~models.Q(reason="") & ~models.Q(outcome="")
                        )
                        | (~models.Q(state="DECIDED") & models.Q(decided_at=None, outcome="")),
                    ),
                    models.CheckConstraint(
                        name="complaint_pauses_while_waiting",
                        condition=models.Q(state="WAITING", paused_at__isnull=False)
                        | (~models.Q(state="WAITING") & models.Q(paused_at=None)),
                    ),
                    models.CheckConstraint(
                        name="complaint_extension_by_two",
                        condition=models.Q(extension_decided_by=None) | ~models.Q(extension_decided_by=models.F("extension_by")),
                    ),
                    models.CheckConstraint(
                        name="complaint_stars_1_to_5", condition=models.Q(stars=None) | models.Q(stars__range=(1, 5))
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["due_at"], condition=models.Q(state__in=["FILED", "OPEN", "WAITING"]), name="complaint_open"
                    ),
                    models.Index(fields=["schema_name", "filed_at"], name="complaint_of_site"),
                    models.Index(fields=["filed_at"], condition=~models.Q(tell=""), name="complaint_to_tell"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="complaints.complaint", related_name="events"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=11, choices=_EVENT_KIND)),
                ("actor", models.CharField(max_length=40, help_text="operator:7, filer or system")),
                ("name", models.CharField(max_length=50, blank=True, help_text="The operator's name; never the complainant's")),
                ("text", models.CharField(max_length=2000, blank=True)),
                ("is_shown", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["complaint", "at"], name="event_of_complaint")],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="complaints.complaint", related_name="attachments"
                    ),
                ),
                ("upload", models.UUIDField(unique=True)),
                ("file_name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("by", models.CharField(max_length=40, help_text="operator:7 or filer")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AccessGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True, editable=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="complaints.complaint", related_name="grants"
                    ),
                ),
                ("schema_name", models.CharField(max_length=63)),
                ("reason", models.CharField(max_length=300)),
                ("hours", models.PositiveSmallIntegerField()),
                ("asked_by", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(max_length=7, choices=_ACCESSGRANT_STATE, default="ASKED")),
                ("decided_by", models.BigIntegerField(null=True, blank=True)),
                ("decided_at", models.DateTimeField(null=True, blank=True)),
                ("expires_at", models.DateTimeField(null=True, blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="grant_by_two", condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by"))
                    ),
                    models.CheckConstraint(
                        name="grant_ends", condition=~models.Q(state="GRANTED") | models.Q(expires_at__isnull=False)
                    ),
                    models.CheckConstraint(name="grant_at_most_three_days", condition=models.Q(hours__range=(1, 72))),
                    models.UniqueConstraint(
                        fields=["complaint"],
                        condition=models.Q(state__in=["ASKED", "GRANTED"]),
                        name="one_open_grant_of_a_complaint",
                    ),
                ],
            },
        ),
    ]
