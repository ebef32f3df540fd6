"""Decided requests about personal data are entries of the ledger; a certificate may lose the name of an erased person."""

from django.db import migrations, models

from tenants.database.append_only import forgets_names


class Migration(migrations.Migration):
    dependencies = [("records", "0012_certificates_revocation")]

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
                    ("REQUEST", "个人信息请求"),
                ],
                max_length=20,
            ),
        ),
        forgets_names("records_certificate"),
    ]
