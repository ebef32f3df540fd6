"""Registrations in the ledger, corrections by two, packages of files."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_tree_only_grows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("REGISTRATION", "学员登记"),
                    ("STUDY_SESSION", "学习记录"),
                    ("PROOF", "在场核验"),
                    ("VOID", "学时作废"),
                    ("CORRECTION", "学时更正"),
                    ("EXAM", "考试记录"),
                    ("CERTIFICATE", "培训证明"),
                    ("SIGN_OFF", "核对签名"),
                    ("CONSENT", "身份核验方式的选择"),
                    ("IDENTITY", "身份核验"),
                    ("CLASS", "线下课程"),
                    ("QUIZ", "课程测验"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="ArchivePackage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("LEARNERS", "一人一档"), ("CLASSES", "一期一档")], max_length=10)),
                ("subjects", models.JSONField()),
                ("within", models.JSONField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "排队中"),
                            ("RUNNING", "正在生成"),
                            ("DONE", "已生成"),
                            ("CANCELLED", "已取消"),
                            ("FAILED", "生成中断"),
                            ("EXPIRED", "已过期删除"),
                        ],
                        default="QUEUED",
                        max_length=10,
                    ),
                ),
                ("by", models.CharField(help_text="A reference such as manager:12", max_length=40)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("rung_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("storage_key", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes of the ZIP")),
                ("sha256", models.CharField(blank=True, max_length=64)),
            ],
            options={"indexes": [models.Index(fields=["-at"], name="archive_package_newest")]},
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("entry_hash", models.CharField(help_text="Hash of the entry as it was read, in hex", max_length=64)),
                ("changes", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("evidence_name", models.CharField(blank=True, max_length=120)),
                ("evidence_type", models.CharField(blank=True, max_length=100)),
                ("evidence_sha256", models.CharField(blank=True, max_length=64)),
                ("evidence_key", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "待批准"),
                            ("APPROVED", "已更正"),
                            ("DECLINED", "未批准"),
                            ("WITHDRAWN", "已撤回"),
                        ],
                        default="PROPOSED",
                        max_length=10,
                    ),
                ),
                ("proposed_by", models.CharField(max_length=40)),
                ("proposed_name", models.CharField(max_length=80)),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_name", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("words", models.CharField(blank=True, help_text="Of who decided", max_length=500)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="records.ledgerentry"
                    ),
                ),
                (
                    "result",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by",
                        to="records.ledgerentry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-proposed_at"], name="correction_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        name="correction_decided_by_another",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="correction_has_a_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by", ""),
                                ("result__isnull", True),
                                ("state__in", ["PROPOSED", "WITHDRAWN"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__gt", ""),
                                ("result__isnull", False),
                                ("state", "APPROVED"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__gt", ""),
                                ("result__isnull", True),
                                ("state", "DECLINED"),
                                ("words__gt", ""),
                            ),
                            _connector="OR",
                        ),
                        name="correction_decided_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "PROPOSED")), fields=("entry",), name="correction_proposed_once"
                    ),
                ],
            },
        ),
    ]
