"""Three administrators, changes by two of them, passkeys."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

ROLES = [
    ("AUTHOR", "课程作者"),
    ("REVIEWER", "课程审核员"),
    ("OPERATIONS", "平台运营"),
    ("SYSTEM", "系统管理员"),
    ("SECURITY", "安全保密管理员"),
    ("AUDIT", "安全审计员"),
]
KINDS = [
    ("OPEN", "开设账号"),
    ("ROLE", "变更岗位"),
    ("BLOCK", "停用管理员"),
    ("UNBLOCK", "恢复账号"),
    ("RESET", "重置登录方式"),
    ("NETWORKS", "管理员登录地址范围"),
    ("CLEARANCE", "岗位可读密级"),
]
STATES = [("OPEN", "待审批"), ("APPROVED", "已批准"), ("REFUSED", "未批准"), ("WITHDRAWN", "已撤回"), ("LAPSED", "已过期")]


def _somebody(*, null: bool = False) -> models.ForeignKey:
    on_delete = django.db.models.deletion.PROTECT
    return models.ForeignKey("operators.operator", on_delete=on_delete, null=null, blank=null, related_name="+")


class Migration(migrations.Migration):
    """Tables and constraints; the triggers follow in 0003."""

    dependencies: ClassVar = [("operators", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations: ClassVar = [
        migrations.AlterField("operator", "role", models.CharField(choices=ROLES, max_length=12)),
        migrations.AddField("operator", "person_key", models.CharField(blank=True, max_length=64, null=True, unique=True)),
        migrations.CreateModel(
            name="OperatorChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("wanted", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=200)),
                ("asked_role", models.CharField(max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="OPEN", max_length=10)),
                ("decided_role", models.CharField(blank=True, default="", max_length=12)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_reason", models.CharField(blank=True, default="", max_length=200)),
                ("asked_by", _somebody()),
                ("decided_by", _somebody(null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="operators.operator",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-asked_at"], name="change_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        name="change_by_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
                    ),
                    models.CheckConstraint(
                        name="nobody_changes_oneself",
                        condition=Q(subject=None)
                        | (~Q(subject=F("asked_by")) & (Q(decided_by=None) | ~Q(subject=F("decided_by")))),
                    ),
                    models.CheckConstraint(
                        name="change_by_two_offices",
                        condition=Q(decided_role="", asked_role__in=["SYSTEM", "SECURITY"])
                        | Q(asked_role="SYSTEM", decided_role="SECURITY")
                        | Q(asked_role="SECURITY", decided_role="SYSTEM"),
                    ),
                    models.CheckConstraint(
                        name="change_decided_by_somebody",
                        condition=~Q(state__in=["APPROVED", "REFUSED"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                    ),
                    models.UniqueConstraint(
                        fields=["subject", "kind"],
                        condition=Q(state="OPEN", subject__isnull=False),
                        name="one_open_change_of_a_kind",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "operator",
            "change",
            models.OneToOneField(
                blank=True,
                help_text="What the role rests on",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="operators.operatorchange",
            ),
        ),
        migrations.AddConstraint(
            "operator",
            models.CheckConstraint(
                name="administrators_are_known_persons",
                condition=~Q(role__in=["SYSTEM", "SECURITY", "AUDIT"]) | Q(person_key__isnull=False),
            ),
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    models.BinaryField(help_text="The authenticator's own id of the key", max_length=1023, unique=True),
                ),
                ("public_key", models.BinaryField(help_text="COSE", max_length=2048)),
                ("sign_count", models.BigIntegerField(default=0)),
                ("name", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passkeys", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]
