"""Keys, webhooks with their deliveries, writes that may be repeated."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


def _id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _manager(**more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.manager", **more)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0011_privacy"),
        ("records", "0014_retention_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                _id(),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=49), blank=True, default=list, size=None
                    ),
                ),
                ("per_minute", models.PositiveSmallIntegerField(default=300)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("by", _manager()),
                ("revoked_by", _manager(blank=True, null=True)),
            ],
            options={
                "db_table": "openapi_key",
                "constraints": [
                    models.CheckConstraint(name="key_ends_after_it_began", condition=Q(expires_at__gt=F("made_at"))),
                    models.CheckConstraint(name="key_may_something", condition=~Q(scopes=[])),
                    models.CheckConstraint(
                        name="key_revoked_by_somebody",
                        condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                        | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hook",
            fields=[
                _id(),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("url", models.CharField(max_length=300)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("secret_sealed", models.BinaryField()),
                ("former_sealed", models.BinaryField(default=b"")),
                ("former_until", models.DateTimeField(blank=True, null=True)),
                ("is_on", models.BooleanField(default=True)),
                ("off_reason", models.CharField(blank=True, default="", max_length=40)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("by", _manager()),
            ],
            options={"db_table": "openapi_hook"},
        ),
        migrations.CreateModel(
            name="HookDelivery",
            fields=[
                _id(),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("entry", models.BigIntegerField(blank=True, null=True)),
                ("n", models.PositiveIntegerField(default=0)),
                ("subject", models.UUIDField(blank=True, null=True)),
                ("happened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "待推送"),
                            ("SENDING", "推送中"),
                            ("SENT", "已送达"),
                            ("FAILED", "失败，将重试"),
                            ("GIVEN_UP", "已放弃"),
                        ],
                        default="WAITING",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("code", models.CharField(blank=True, default="", help_text="Why the last try failed", max_length=40)),
                (
                    "status",
                    models.PositiveSmallIntegerField(blank=True, help_text="HTTP status of the last answer", null=True),
                ),
                ("took_ms", models.PositiveIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "hook",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="openapi.hook"),
                ),
            ],
            options={
                "db_table": "openapi_delivery",
                "constraints": [models.UniqueConstraint(fields=("hook", "entry"), name="hook_told_once")],
                "indexes": [
                    models.Index(
                        fields=["next_at", "id"],
                        name="hook_delivery_due",
                        condition=Q(state__in=["WAITING", "SENDING", "FAILED"]),
                    ),
                    models.Index(fields=["-at", "-id"], name="hook_delivery_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RepeatedCall",
            fields=[
                _id(),
                ("said", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("body_sealed", models.BinaryField(default=b"")),
                ("at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="openapi.apikey"),
                ),
            ],
            options={
                "db_table": "openapi_repeat",
                "constraints": [models.UniqueConstraint(fields=("key", "said"), name="call_once_per_key")],
                "indexes": [models.Index(fields=["at"], name="call_by_age")],
            },
        ),
    ]
