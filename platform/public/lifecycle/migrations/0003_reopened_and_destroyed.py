"""A closed enterprise is opened again, or what is kept of it destroyed, by two operators."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0002_only_grows"),
        ("tenants", "0006_destroyed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Destruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("WAITING", "等待开始"), ("RUNNING", "正在销毁"), ("DONE", "已销毁"), ("STOPPED", "已停止")],
                        default="WAITING",
                        max_length=7,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("LIST", "清点"),
                            ("KEYS", "销毁数据密钥"),
                            ("FILES", "删除文件"),
                            ("ROWS", "清除共用表中的数据"),
                            ("SCHEMA", "删除数据库模式和角色"),
                            ("CERTIFICATE", "签发销毁证明"),
                        ],
                        default="LIST",
                        max_length=11,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("contents", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("beat_at", models.DateTimeField(blank=True, help_text="When the last step was done", null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_by", models.CharField(blank=True, help_text="operator:7 or system", max_length=80)),
                ("stopped_name", models.CharField(blank=True, max_length=60)),
                ("stopped_reason", models.CharField(blank=True, max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="LifeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("REOPEN", "重新开通"), ("DESTROY", "销毁数据")], max_length=7)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "待批准"),
                            ("APPROVED", "已批准"),
                            ("REFUSED", "未批准"),
                            ("WITHDRAWN", "已撤回"),
                            ("LAPSED", "已过期"),
                        ],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("asked_by", models.BigIntegerField(help_text="Credential of the operator who asks")),
                ("asked_name", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("decided_by", models.BigIntegerField(blank=True, null=True)),
                ("decided_name", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_reason", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="closure",
            name="over_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="closure",
            name="reopened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="closure",
            name="warned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="turn",
            name="words",
            field=models.CharField(max_length=300),
        ),
        migrations.AddIndex(
            model_name="closure",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False), ("reopened_at", None)),
                fields=["kept_until"],
                name="closure_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("reopened_at", None), ("closed_at__lt", models.F("reopened_at")), _connector="OR"),
                name="closure_reopened_after",
            ),
        ),
        migrations.AddField(
            model_name="destruction",
            name="enterprise",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.enterprise"),
        ),
        migrations.AddField(
            model_name="lifechange",
            name="closure",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="lifecycle.closure"),
        ),
        migrations.AddField(
            model_name="lifechange",
            name="enterprise",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.enterprise"),
        ),
        migrations.AddField(
            model_name="destruction",
            name="change",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="destruction", to="lifecycle.lifechange"
            ),
        ),
        migrations.AddConstraint(
            model_name="lifechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "OPEN")), fields=("enterprise",), name="one_open_life_change"
            ),
        ),
        migrations.AddConstraint(
            model_name="lifechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"
                ),
                name="life_change_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="lifechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["APPROVED", "REFUSED"]), _negated=True),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="life_change_decided_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="destruction",
            index=models.Index(
                condition=models.Q(("state__in", ["WAITING", "RUNNING"])), fields=["starts_at"], name="destruction_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "STOPPED"), _negated=True), fields=("enterprise",), name="one_destruction"
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "DONE"), _negated=True),
                    models.Q(models.Q(("note", ""), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="destruction_done_is_certified",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "STOPPED"), _negated=True),
                    models.Q(("stopped_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="destruction_stopped_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="destruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["WAITING", "STOPPED"]), ("started_at__gte", models.F("starts_at")), _connector="OR"
                ),
                name="destruction_runs_since",
            ),
        ),
    ]
