"""Packages of old months, holds, restored and exported files stand in the ledger, in the enterprise's own chain."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0013_privacy_requests"),
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
                    ("CORRECTION", "记录更正"),
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
                    ("REQUEST", "个人信息请求"),
                    ("PACKAGE", "归档与调阅"),
                ],
                max_length=20,
            ),
        ),
    ]
