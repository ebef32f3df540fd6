import uuid

import django.db.models.deletion
from django.db import migrations, models

import public.remarks.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("schema_name", models.CharField(db_default=public.remarks.models.EnterpriseSchema(), max_length=63)),
                ("course_id", models.BigIntegerField()),
                ("version_id", models.BigIntegerField()),
                ("course_title", models.CharField(max_length=120)),
                ("stars", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=500)),
                ("offered_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("WAITING", "待处理"), ("SHOWN", "已展示"), ("REFUSED", "未采用"), ("REMOVED", "已撤下")],
                        default="WAITING",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("decided_by", models.CharField(blank=True, help_text="A reference such as operator:7", max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "WAITING")), fields=["offered_at"], name="offer_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "WAITING")),
                            models.Q(models.Q(("state", "WAITING"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="offer_decided_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["REFUSED", "REMOVED"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="offer_refused_with_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("stars__gte", 1), ("stars__lte", 5)), name="offer_stars_1_to_5"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course_id", models.BigIntegerField()),
                ("stars", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=500)),
                ("shown_on", models.DateField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "offer",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="remark", to="remarks.offer"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=["course_id", "-shown_on"],
                        name="remark_of_course",
                    )
                ],
            },
        ),
    ]
