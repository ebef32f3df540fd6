"""Packages of old months, holds, restored and exported files stand in the ledger, in the enterprise's own chain."""

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
                    ("PACKAGE", "归档与调阅"),
                ],
                max_length=20,
            ),
        ),
    ]
