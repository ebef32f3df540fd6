import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_roster_preview"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=120)),
                ("context", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "learner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.learner",
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.manager",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["learner", "-at", "-id"], name="notice_of_learner"),
                    models.Index(fields=["manager", "-at", "-id"], name="notice_of_manager"),
                    models.Index(condition=models.Q(("read_at__isnull", True)), fields=["learner"], name="notice_unread_learner"),
                    models.Index(condition=models.Q(("read_at__isnull", True)), fields=["manager"], name="notice_unread_manager"),
                    models.Index(condition=models.Q(("planned_at__isnull", True)), fields=["id"], name="notice_unplanned"),
                    models.Index(fields=["at"], name="notice_by_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("learner__isnull", False), ("manager__isnull", True)),
                            models.Q(("learner__isnull", True), ("manager__isnull", False)),
                            _connector="OR",
                        ),
                        name="notice_one_recipient",
                    ),
                    models.UniqueConstraint(fields=("kind", "learner", "about"), name="notice_once_per_learner"),
                    models.UniqueConstraint(fields=("kind", "manager", "about"), name="notice_once_per_manager"),
                ],
            },
        ),
    ]
