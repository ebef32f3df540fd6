"""Data keys and their rotations. A key's row is never deleted: what it sealed would be lost."""

from typing import ClassVar

from django.db import migrations, models

from tenants.database.append_only import visible_to_enterprises


class Migration(migrations.Migration):
    """Tables, row-level security, and a trigger that keeps every key."""

    dependencies: ClassVar = [("tenants", "0003_refuse_drop")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=36)),
                ("schema_name", models.CharField(max_length=63)),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="1, 2, 3 … for each owner; stands in the header of every value it sealed"
                    ),
                ),
                ("wrapped", models.BinaryField(max_length=1000)),
                ("wrapped_by", models.CharField(help_text="Key service and master key; no secret", max_length=60)),
                ("made_at", models.DateTimeField()),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, help_text="Nothing in the database was sealed with it any more", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=36)),
                ("schema_name", models.CharField(max_length=63)),
                ("number", models.PositiveIntegerField(default=0, help_text="The new key; 0 until there is one")),
                ("algorithm", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[("QUEUED", "排队中"), ("RUNNING", "正在更换"), ("SETTLING", "等待最后核对"), ("DONE", "已完成")],
                        default="QUEUED",
                        max_length=8,
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=0, help_text="Which of the registered columns comes next")),
                ("last_pk", models.BigIntegerField(default=0)),
                ("found", models.PositiveIntegerField(default=0, help_text="Values sealed anew in this pass")),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                (
                    "broken",
                    models.PositiveIntegerField(
                        default=0, help_text="Values of this pass that no key opens; they stay as they are"
                    ),
                ),
                ("by", models.CharField(help_text="operator:<id> or command", max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("beat_at", models.DateTimeField(blank=True, help_text="Last sign of life of whoever works on it", null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"indexes": [models.Index(fields=["owner", "-id"], name="rotation_newest")]},
        ),
        migrations.AddConstraint(
            model_name="datakey", constraint=models.UniqueConstraint(fields=("owner", "number"), name="data_key_number_once")
        ),
        migrations.AddConstraint(
            model_name="datakey",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="data_key_from_one"),
        ),
        migrations.AddConstraint(
            model_name="rotation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "DONE"), _negated=True), fields=("owner",), name="one_rotation_at_a_time"
            ),
        ),
        visible_to_enterprises("tenants_datakey", "schema_name IN (public.enterprise_schema(), 'platform')"),
        migrations.RunSQL(
            [
                'CREATE TRIGGER only_grows BEFORE DELETE ON "tenants_datakey" FOR EACH ROW EXECUTE FUNCTION public.refuse_change()',
                'CREATE TRIGGER only_grows_t BEFORE TRUNCATE ON "tenants_datakey" FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()',
                'ALTER TABLE "tenants_datakey" ENABLE ALWAYS TRIGGER only_grows, ENABLE ALWAYS TRIGGER only_grows_t',
            ],
            ['DROP TRIGGER only_grows ON "tenants_datakey"', 'DROP TRIGGER only_grows_t ON "tenants_datakey"'],
        ),
    ]
