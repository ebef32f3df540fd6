"""The tables of the help desk; the platform's alone."""

import uuid
from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import public.helpdesk.models.duty


class Migration(migrations.Migration):
    """Tables."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(default=0)),
                ("is_retired", models.BooleanField(default=False)),
                ("helpful", models.PositiveIntegerField(default=0)),
                ("unhelpful", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("sure", models.PositiveIntegerField(default=0)),
                ("perhaps", models.PositiveIntegerField(default=0)),
                ("unknown", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Canned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=2000)),
                ("is_retired", models.BooleanField(default=False)),
                ("used", models.PositiveIntegerField(default=0)),
                ("changed_by", models.CharField(help_text="operator:7, or seed", max_length=40)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_retired", False)), fields=("title",), name="help_canned_title_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("audiences", models.JSONField(help_text='["LEARNER", "MANAGER"]')),
                ("question", models.CharField(max_length=120)),
                ("question_en", models.CharField(blank=True, max_length=200)),
                ("answer", models.TextField(max_length=4000)),
                ("answer_en", models.TextField(blank=True, max_length=6000)),
                ("other_words", models.TextField(blank=True, max_length=1000)),
                ("chapter", models.CharField(blank=True, max_length=40)),
                ("why", models.CharField(blank=True, help_text="What was changed, for colleagues", max_length=200)),
                ("by", models.CharField(help_text="operator:7, or seed", max_length=40)),
                ("name", models.CharField(blank=True, max_length=50)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="helpdesk.article"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("text", models.CharField(max_length=200)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("LEARNER", "学员"),
                            ("MANAGER", "企业管理人员"),
                            ("TRAINER", "培训教师"),
                            ("OPERATOR", "平台运营"),
                            ("REGULATOR", "监管部门"),
                            ("PUBLIC", "社会公众"),
                        ],
                        max_length=9,
                    ),
                ),
                ("near", models.CharField(blank=True, help_text="The nearest passage, where there was one", max_length=80)),
                ("count", models.PositiveIntegerField(default=1)),
                ("handed", models.PositiveIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "待处理"), ("ANSWERED", "已有答案"), ("DISMISSED", "不处理")],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("handled_by", models.BigIntegerField(blank=True, null=True)),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="helpdesk.article",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_id", models.BigIntegerField()),
                ("to_id", models.BigIntegerField()),
                ("note", models.CharField(max_length=2000)),
                ("at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("moved", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_id", models.F("to_id")), _negated=True), name="help_handover_to_another"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_at", None)), fields=("from_id",), name="help_handover_one_open"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(choices=[("FAQ", "常见问题"), ("MANUAL", "使用手册")], max_length=6)),
                ("ref", models.CharField(max_length=80)),
                ("edition", models.CharField(max_length=32)),
                ("audiences", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=9), size=None)),
                (
                    "head",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), help_text="Tokens of the title and of other ways to ask it", size=None
                    ),
                ),
                (
                    "body",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), help_text="Tokens of the text", size=None
                    ),
                ),
                (
                    "sounds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), help_text="The head as it sounds", size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["head"], name="help_passage_head"),
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["body"], name="help_passage_body"),
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["sounds"], name="help_passage_sounds"),
                ],
                "constraints": [models.UniqueConstraint(fields=("source", "ref", "edition"), name="help_passage_once")],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("BLOCKED", "不能登录、学习或考试"), ("NORMAL", "能用，但有问题"), ("MINOR", "怎么用、建议")],
                        max_length=7,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("answer_minutes", models.PositiveIntegerField()),
                ("settle_hours", models.PositiveSmallIntegerField()),
                ("by", models.CharField(help_text="operator:7, or seed", max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("urgency", "valid_from"), name="help_promise_one_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_minutes__gte", 1),
                            (
                                "answer_minutes__lte",
                                django.db.models.expressions.CombinedExpression(models.F("settle_hours"), "*", models.Value(60)),
                            ),
                            ("settle_hours__gte", 1),
                        ),
                        name="help_promise_answers_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential_id", models.BigIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("by", models.CharField(help_text="operator:7", max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="help_shift_ends_later"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                public.helpdesk.models.duty.Span(
                                    "starts_at", "ends_at", django.contrib.postgres.fields.ranges.RangeBoundary()
                                ),
                                "&&",
                            )
                        ],
                        name="help_shift_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(max_length=16, unique=True)),
                ("code_index", models.CharField(max_length=64)),
                ("schema_name", models.CharField(blank=True, max_length=63)),
                (
                    "filer",
                    models.CharField(
                        choices=[("PUBLIC", "社会公众"), ("LEARNER", "学员"), ("MANAGER", "企业管理人员")], max_length=7
                    ),
                ),
                ("asker", models.CharField(blank=True, max_length=44)),
                ("contact_sealed", models.BinaryField(blank=True, null=True)),
                ("is_phoned", models.BooleanField(default=False, help_text="Asked on the phone and written down at the desk")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("BLOCKED", "不能登录、学习或考试"), ("NORMAL", "能用，但有问题"), ("MINOR", "怎么用、建议")],
                        max_length=7,
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=4000)),
                ("page", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("NEW", "待答复"),
                            ("OPEN", "处理中"),
                            ("WAITING", "等您补充"),
                            ("MERGED", "合并处理中"),
                            ("SOLVED", "已解决"),
                        ],
                        default="NEW",
                        max_length=7,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, help_text="2 and more: it was not solved")),
                (
                    "assignee_id",
                    models.BigIntegerField(blank=True, help_text="Credential of the operator who answers", null=True),
                ),
                ("filed_at", models.DateTimeField()),
                ("clock_from", models.DateTimeField()),
                ("answer_due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("stage", models.PositiveSmallIntegerField(default=0)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("solved_by", models.CharField(blank=True, help_text="operator:7, asker or system", max_length=40)),
                ("stars", models.PositiveSmallIntegerField(blank=True, help_text="Satisfaction, 1 to 5", null=True)),
                ("stars_words", models.CharField(blank=True, max_length=300)),
                ("tell", models.CharField(blank=True, max_length=8)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="helpdesk.ticket",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        help_text="The times promised to this asker",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.promise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("FILED", "提问"),
                            ("REPLIED", "客服答复"),
                            ("ASKED", "请补充说明"),
                            ("SAID", "补充说明"),
                            ("NOTE", "内部备注"),
                            ("ASSIGNED", "指派"),
                            ("TAKEN", "交接班接手"),
                            ("URGENCY", "改紧急程度"),
                            ("MERGED", "合并"),
                            ("ESCALATED", "时限提醒"),
                            ("CONTACT", "查看联系方式"),
                            ("SOLVED", "已解决"),
                            ("REOPENED", "还没解决"),
                            ("RATED", "评价"),
                        ],
                        max_length=9,
                    ),
                ),
                ("actor", models.CharField(help_text="operator:7, asker or system", max_length=40)),
                ("name", models.CharField(blank=True, help_text="The operator's name; never the asker's", max_length=50)),
                ("text", models.CharField(blank=True, max_length=4000)),
                ("is_shown", models.BooleanField(default=False)),
                (
                    "ticket",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="helpdesk.ticket"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_helpful", models.BooleanField()),
                ("words", models.CharField(blank=True, max_length=300)),
                ("voter", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="helpdesk.edition"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("article", "number"), name="help_edition_once"),
        ),
        migrations.AddIndex(
            model_name="gap",
            index=models.Index(condition=models.Q(("state", "OPEN")), fields=["-count", "-last_at"], name="help_gap_open"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state__in", ["NEW", "OPEN", "WAITING"])), fields=["due_at"], name="help_ticket_running"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["schema_name", "asker", "-filed_at"], name="help_ticket_of_asker"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(condition=models.Q(("tell", ""), _negated=True), fields=["filed_at"], name="help_ticket_to_tell"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paused_at__isnull", False), ("state", "WAITING")),
                    models.Q(models.Q(("state", "WAITING"), _negated=True), ("paused_at", None)),
                    _connector="OR",
                ),
                name="help_ticket_pauses_while_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("solved_at__isnull", False), ("state", "SOLVED"), models.Q(("solved_by", ""), _negated=True)),
                    models.Q(models.Q(("state", "SOLVED"), _negated=True), ("solved_at", None), ("solved_by", "")),
                    _connector="OR",
                ),
                name="help_ticket_solved_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("state", "MERGED"), _negated=True), ("merged_into__isnull", False), _connector="OR"),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                ),
                name="help_ticket_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("stars", None), ("stars__range", (1, 5)), _connector="OR"), name="help_ticket_stars_1_to_5"
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["ticket", "at"], name="help_step_of_ticket"),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(fields=("edition", "voter"), name="help_vote_once"),
        ),
    ]
