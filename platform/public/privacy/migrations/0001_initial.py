from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="NoticeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("PRIVACY", "个人信息处理告知"), ("FACE", "人脸信息处理告知与单独同意")], max_length=10
                    ),
                ),
                ("version", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("paragraphs", models.JSONField()),
                ("paragraphs_en", models.JSONField()),
                ("changes", models.CharField(blank=True, max_length=500)),
                ("changes_en", models.CharField(blank=True, max_length=500)),
                ("by", models.CharField(help_text="A reference such as operator:7, or seed", max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "version"), name="notice_version_once"),
                    models.UniqueConstraint(fields=("kind", "valid_from"), name="notice_version_one_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivacyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(unique=True)),
                ("answer_days", models.PositiveSmallIntegerField()),
                ("file_days", models.PositiveSmallIntegerField(help_text="Days that an export can be fetched")),
                ("record_months", models.PositiveSmallIntegerField()),
                ("record_law", models.CharField(max_length=200)),
                ("special_months", models.PositiveSmallIntegerField()),
                ("special_law", models.CharField(max_length=200)),
                ("by", models.CharField(help_text="A reference such as operator:7, or seed", max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__range", (1, 15)),
                            ("file_days__range", (1, 30)),
                            ("record_months__gte", 36),
                            ("special_months__gte", 36),
                        ),
                        name="privacy_rule_within_the_law",
                    )
                ],
            },
        ),
    ]
