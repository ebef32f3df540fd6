"""Signatures under finished trainings, which only grow, and what learners hold against a record."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("plans", "0006_changes_only_grow"), ("records", "0005_sign_off")]

    operations = [
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "method",
                    models.CharField(choices=[("DRAWN", "手写签名"), ("TYPED", "输入姓名并用短信确认")], max_length=5),
                ),
                ("record", models.CharField(help_text="SHA-256 of the record that was read, in hex", max_length=64)),
                ("statement", models.CharField(max_length=200)),
                ("picture", models.CharField(blank=True, max_length=200)),
                ("picture_digest", models.CharField(blank=True, help_text="SHA-256 of the drawing, in hex", max_length=64)),
                ("entry_n", models.PositiveIntegerField(help_text="Number of the entry in the learner's chain")),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_off", to="plans.assignment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "DRAWN"), ("picture__gt", ""), ("picture_digest__gt", "")),
                            models.Q(("method", "TYPED"), ("picture", ""), ("picture_digest", "")),
                            _connector="OR",
                        ),
                        name="drawn_has_a_picture",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.CharField(max_length=1000)),
                ("at", models.DateTimeField(db_index=True)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, help_text="The learner has signed without waiting for an answer", null=True),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="plans.assignment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("assignment",),
                        name="one_open_objection",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by", "")),
                            models.Q(("answer__gt", ""), ("answered_at__isnull", False), ("answered_by__gt", "")),
                            _connector="OR",
                        ),
                        name="answered_has_words_and_name",
                    ),
                ],
            },
        ),
        append_only("plans_signoff"),
    ]
