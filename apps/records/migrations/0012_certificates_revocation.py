import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0011_keys_kind"),
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
                    ("KEY", "加密密钥"),
                    ("RENEWAL", "证明续期"),
                    ("REVOCATION", "证明撤销"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.CharField(help_text="`public.regulators` `CertificateChange.Reason`", max_length=10)),
                ("words", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "待审批"),
                            ("APPROVED", "已撤销"),
                            ("DECLINED", "未批准"),
                            ("WITHDRAWN", "已撤回"),
                        ],
                        default="PROPOSED",
                        max_length=10,
                    ),
                ),
                ("proposed_by", models.BigIntegerField()),
                ("proposed_name", models.CharField(max_length=40)),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.BigIntegerField(blank=True, null=True)),
                ("decided_name", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=200)),
                ("entry_n", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revocations", to="records.certificate"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["PROPOSED", "APPROVED"])),
                        fields=("certificate",),
                        name="one_open_revocation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["APPROVED", "DECLINED"]), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="revocation_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry_n__isnull", False), ("state", "APPROVED")),
                            models.Q(models.Q(("state", "APPROVED"), _negated=True), ("entry_n", None)),
                            _connector="OR",
                        ),
                        name="revocation_in_the_ledger",
                    ),
                ],
            },
        ),
    ]
