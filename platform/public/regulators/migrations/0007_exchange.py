import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("regulators", "0006_certificate_corrected"),
    ]

    operations = [
        migrations.AlterField(
            model_name="feedrecord",
            name="kind",
            field=models.CharField(
                choices=[
                    ("LEARNER", "学员身份"),
                    ("SESSION", "学习过程"),
                    ("EXAM", "考试结果"),
                    ("CERTIFICATE", "学习证明"),
                    ("ENTERPRISE", "企业信息"),
                    ("COMPLAINT", "投诉处理"),
                    ("DAILY", "每日统计"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[("record_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("division_prefix", models.CharField(max_length=6)),
                ("kinds", models.JSONField(help_text="Kinds of records it takes")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("REST", "接口推送（JSON）"),
                            ("SOAP", "WebService 推送（XML）"),
                            ("ZHEJIANG", "浙江业务协同网关推送"),
                            ("FILES", "签名文件投递"),
                            ("PULL", "对方来取（REST 或 WebService）"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "suite",
                    models.CharField(
                        choices=[
                            ("SM2-SM3", "国密：SM2、SM3、SM4"),
                            ("Ed25519", "国际：Ed25519、X25519、AES-256"),
                            ("HMAC-SM3", "共享密钥：HMAC-SM3、SM4"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True, help_text="https://… or s3://bucket/folder; empty where it pulls", max_length=300
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "报送中"), ("PAUSED", "已暂停"), ("CLOSED", "已停用")],
                        default="ACTIVE",
                        max_length=10,
                    ),
                ),
                ("since", models.DateField(help_text="First day whose records it gets")),
                ("access_key", models.CharField(max_length=40, unique=True)),
                ("own_public", models.BinaryField(blank=True, default=b"", max_length=64)),
                ("own_private", models.BinaryField(blank=True, default=b"", help_text="Sealed", max_length=200)),
                ("their_public", models.BinaryField(blank=True, default=b"", max_length=64)),
                (
                    "secret",
                    models.BinaryField(
                        blank=True, default=b"", help_text="Sealed: what is shared, or the gateway's secret", max_length=400
                    ),
                ),
                ("next_public", models.BinaryField(blank=True, default=b"", max_length=64)),
                ("next_private", models.BinaryField(blank=True, default=b"", help_text="Sealed", max_length=200)),
                ("former_public", models.BinaryField(blank=True, default=b"", max_length=64)),
                ("former_secret", models.BinaryField(blank=True, default=b"", help_text="Sealed", max_length=400)),
                ("former_until", models.DateTimeField(blank=True, null=True)),
                ("parcel_size", models.PositiveSmallIntegerField(default=200)),
                ("last_seq", models.BigIntegerField(default=0)),
                (
                    "filled_to",
                    models.BigIntegerField(default=0, help_text="Id up to which older records were looked through"),
                ),
                (
                    "fill_until",
                    models.BigIntegerField(default=0, help_text="Id at which looking through older records ends"),
                ),
                (
                    "held_from",
                    models.DateField(
                        blank=True, help_text="Of earlier days only what was not accepted is still at hand", null=True
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0, help_text="Calls in a row that did not arrive")),
                (
                    "problem",
                    models.CharField(blank=True, help_text="Code of the last failure, empty after a success", max_length=40),
                ),
                ("next_at", models.DateTimeField(help_text="Not before this is it called again")),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("heard_at", models.DateTimeField(blank=True, help_text="Last answer", null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="partner_prefix", condition=Q(division_prefix__regex=r"^\d{2}(\d{2}){0,2}$")),
                    models.CheckConstraint(name="partner_parcel_size", condition=Q(parcel_size__gte=1, parcel_size__lte=1000)),
                    models.CheckConstraint(name="partner_reachable", condition=Q(channel="PULL") | ~Q(address="")),
                ],
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("first_seq", models.BigIntegerField()),
                ("last_seq", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "待送达"), ("DONE", "已送达"), ("STUCK", "已停止重试")],
                        default="OPEN",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("next_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parcels", to="regulators.partner"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partner", "next_at"], condition=Q(state="OPEN"), name="parcel_open"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="parcel_numbers", condition=Q(first_seq__gte=1, last_seq__gte=F("first_seq"), count__gte=1)
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "待报送"),
                            ("SENT", "报送中"),
                            ("ACCEPTED", "已接收"),
                            ("REJECTED", "被退回"),
                            ("STUCK", "未送达"),
                        ],
                        default="WAITING",
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "told_at",
                    models.DateTimeField(blank=True, help_text="When it was sent last, or answered", null=True),
                ),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="regulators.parcel",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="regulators.partner"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="regulators.feedrecord",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partner", "seq"], condition=Q(state="WAITING"), name="delivery_waiting"),
                    models.Index(fields=["parcel"], condition=Q(state="SENT"), name="delivery_sent"),
                    models.Index(fields=["partner", "id"], condition=Q(state__in=["REJECTED", "STUCK"]), name="delivery_dead"),
                    models.Index(fields=["partner", "day", "kind", "state"], name="delivery_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["partner", "seq"], name="delivery_number_once"),
                    models.UniqueConstraint(fields=["partner", "record"], name="delivery_record_once"),
                    models.CheckConstraint(name="delivery_counts_from_one", condition=Q(seq__gte=1)),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField()),
                ("by_kind", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("MADE", "待对账"), ("EVEN", "一致"), ("UNEVEN", "有缺，已补送")],
                        default="MADE",
                        max_length=10,
                    ),
                ),
                (
                    "filled",
                    models.PositiveIntegerField(
                        default=0, help_text="Records that were never given a number and were found then"
                    ),
                ),
                (
                    "missing",
                    models.PositiveIntegerField(default=0, help_text="Records that the partner said it lacks"),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("next_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "partner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="days", to="regulators.partner"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["next_at"], condition=Q(state="MADE"), name="day_file_open")],
                "constraints": [models.UniqueConstraint(fields=["partner", "day"], name="day_file_once")],
            },
        ),
    ]
