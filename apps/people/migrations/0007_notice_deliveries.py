import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _strings(size):
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=size), blank=True, default=list, size=None
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quiet_from", models.TimeField(default=datetime.time(21, 0))),
                ("quiet_to", models.TimeField(default=datetime.time(8, 0))),
                ("digest", models.BooleanField(default=False)),
                ("digest_at", models.TimeField(default=datetime.time(9, 0))),
                ("sms_per_day", models.PositiveIntegerField(default=2000)),
                ("off", _strings(60)),
            ],
        ),
        migrations.CreateModel(
            name="SmsDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("used", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BooleanField(default=False)),
                ("off", _strings(60)),
                ("mail_sealed", models.BinaryField(default=b"")),
                ("mobile_sealed", models.BinaryField(default=b"")),
                (
                    "credential",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Robot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("vendor", models.CharField(choices=[("WECOM", "企业微信"), ("DINGTALK", "钉钉")], max_length=10)),
                ("token_sealed", models.BinaryField()),
                ("secret_sealed", models.BinaryField(default=b"", help_text="DingTalk's 加签")),
                ("kinds", _strings(40)),
                ("is_on", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.manager"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("channel", models.CharField(choices=[("sms", "短信"), ("mail", "邮件"), ("robot", "群机器人")], max_length=5)),
                ("once", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "待发送"),
                            ("SENDING", "发送中"),
                            ("SENT", "已发送"),
                            ("FAILED", "失败，将重试"),
                            ("GIVEN_UP", "已放弃"),
                        ],
                        default="WAITING",
                        max_length=8,
                    ),
                ),
                ("in_digest", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("lost", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                (
                    "code",
                    models.CharField(
                        blank=True, default="", help_text="Why the last try failed; never personal data", max_length=40
                    ),
                ),
                ("at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="people.notice"),
                ),
                (
                    "robot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.robot",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["WAITING", "SENDING", "FAILED"])),
                        fields=["next_at", "id"],
                        name="delivery_due",
                    ),
                    models.Index(fields=["-at", "-id"], name="delivery_newest"),
                    models.Index(fields=["state", "-at", "-id"], name="delivery_by_state"),
                ],
            },
        ),
    ]
