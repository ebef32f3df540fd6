"""Marking by people, appeals and corrections; facts that the statistics count."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0007_sitting_steps_only_grow"),
        ("people", "0009_samples"),
        ("plans", "0011_exam_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(help_text="Which try: 1 for the first")),
                ("no", models.PositiveSmallIntegerField()),
                ("bank", models.CharField(max_length=10)),
                ("question", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("part", models.PositiveSmallIntegerField(default=0, help_text="Which question of a case, 0 for none")),
                ("kind", models.CharField(max_length=10)),
                ("worth", models.PositiveSmallIntegerField()),
                ("points", models.PositiveSmallIntegerField()),
                ("blank", models.BooleanField()),
                ("counts", models.BooleanField(default=True)),
                ("chosen", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name="CountedAttempt",
            fields=[
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="exams.attempt",
                    ),
                ),
                ("entries", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="MarkingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(help_text="Days after the result within which it may be appealed"),
                ),
                ("decide_days", models.PositiveSmallIntegerField(help_text="Working days for the answer to an appeal")),
                ("mark_days", models.PositiveSmallIntegerField(help_text="Working days for marking a written answer")),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MarkTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("no", models.PositiveSmallIntegerField(help_text="Number of the question on the paper")),
                ("bank", models.CharField(max_length=10)),
                ("question", models.CharField(help_text="uuid of the question, or code of one of an old paper", max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                ("part", models.PositiveSmallIntegerField(default=0, help_text="Which question of a case, 0 for none")),
                ("stem", models.CharField(help_text="The first words, for the list", max_length=200)),
                ("most", models.PositiveSmallIntegerField(help_text="Points that a perfect answer gets")),
                ("due_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("points", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("marked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="QuestionFace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank", models.CharField(max_length=10)),
                ("question", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("stem", models.CharField(max_length=200)),
                ("topic", models.CharField(max_length=80)),
                ("item", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="ScoreAppeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "no",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Number of the question; empty: the whole result", null=True
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("WAITING", "待处理"), ("GRANTED", "同意，已提出改分"), ("UPHELD", "维持原成绩")],
                        default="WAITING",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ScoreChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.JSONField()),
                ("left_out", models.JSONField(default=list)),
                ("before_score", models.PositiveSmallIntegerField()),
                ("before_passed", models.BooleanField()),
                ("after_score", models.PositiveSmallIntegerField()),
                ("after_passed", models.BooleanField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "problem",
                    models.CharField(blank=True, help_text="Why it could not be carried out: code of the refusal", max_length=30),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScoreEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveSmallIntegerField(help_text="1 for the first correction")),
                ("points", models.JSONField()),
                ("left_out", models.JSONField(default=list)),
                ("before_score", models.PositiveSmallIntegerField()),
                ("before_passed", models.BooleanField()),
                ("score", models.PositiveSmallIntegerField(help_text="0-100")),
                ("passed", models.BooleanField()),
                ("reason", models.CharField(max_length=500)),
                ("proposed_by", models.CharField(max_length=80)),
                ("approved_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ScoreProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("POINTS", "一份试卷改分"), ("QUESTION", "错题重判")], max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[("PROPOSED", "待复核"), ("APPROVED", "已批准"), ("DECLINED", "未批准"), ("WITHDRAWN", "已撤回")],
                        default="PROPOSED",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("effect", models.JSONField(default=dict)),
                ("bank", models.CharField(blank=True, max_length=10)),
                ("question", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(blank=True, null=True)),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("stem", models.CharField(blank=True, max_length=200)),
                ("mode", models.CharField(blank=True, max_length=10)),
                ("answer", models.JSONField(default=list)),
                ("only_up", models.BooleanField(default=True, help_text="Nobody's points become fewer")),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("words", models.CharField(blank=True, help_text="Of who decided", max_length=500)),
                ("done_at", models.DateTimeField(blank=True, help_text="When the last try was corrected", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SimilarPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("common", models.PositiveSmallIntegerField()),
                ("both_wrong", models.PositiveSmallIntegerField()),
                ("same_wrong", models.PositiveSmallIntegerField()),
                ("different", models.PositiveSmallIntegerField()),
                ("chance", models.FloatField()),
                ("circumstances", models.JSONField(default=dict)),
                ("found_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, help_text="Of who looked at it", max_length=300)),
                ("noted_by", models.CharField(blank=True, max_length=80)),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="paperrevision",
            name="paper_has_questions",
        ),
        migrations.AddConstraint(
            model_name="paperrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("points__gte", 1), ("questions__gte", 1), ("questions__lte", 100)),
                name="paper_has_questions",
            ),
        ),
        migrations.AddField(
            model_name="answerfact",
            name="attempt",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exams.attempt"),
        ),
        migrations.AddField(
            model_name="answerfact",
            name="learner",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.learner"),
        ),
        migrations.AddField(
            model_name="answerfact",
            name="plan",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plans.trainingplan"),
        ),
        migrations.AddConstraint(
            model_name="markingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("appeal_days__range", (3, 90)), ("decide_days__range", (1, 20)), ("mark_days__range", (1, 20))
                ),
                name="marking_rule_leaves_time",
            ),
        ),
        migrations.AddField(
            model_name="marktask",
            name="attempt",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="mark_tasks", to="exams.attempt"),
        ),
        migrations.AddField(
            model_name="marktask",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.manager"
            ),
        ),
        migrations.AddField(
            model_name="marktask",
            name="learner",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.learner"),
        ),
        migrations.AddField(
            model_name="marktask",
            name="marked_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.manager"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionface",
            constraint=models.UniqueConstraint(fields=("question", "version", "part", "bank"), name="question_face_once"),
        ),
        migrations.AddField(
            model_name="scoreappeal",
            name="attempt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="score_appeals", to="exams.attempt"
            ),
        ),
        migrations.AddField(
            model_name="scoreappeal",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.manager"
            ),
        ),
        migrations.AddField(
            model_name="scoreappeal",
            name="learner",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.learner"),
        ),
        migrations.AddField(
            model_name="scorechange",
            name="attempt",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="exams.attempt"),
        ),
        migrations.AddField(
            model_name="scoreentry",
            name="attempt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="score_entries", to="exams.attempt"
            ),
        ),
        migrations.AddField(
            model_name="scoreproposal",
            name="appeal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="exams.scoreappeal",
            ),
        ),
        migrations.AddField(
            model_name="scoreproposal",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.manager"
            ),
        ),
        migrations.AddField(
            model_name="scoreproposal",
            name="proposed_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.manager"),
        ),
        migrations.AddField(
            model_name="scoreentry",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="exams.scoreproposal"
            ),
        ),
        migrations.AddField(
            model_name="scorechange",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="exams.scoreproposal"
            ),
        ),
        migrations.AddField(
            model_name="similarpair",
            name="one",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exams.attempt"),
        ),
        migrations.AddField(
            model_name="similarpair",
            name="other",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="exams.attempt"),
        ),
        migrations.AddField(
            model_name="similarpair",
            name="plan",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plans.trainingplan"),
        ),
        migrations.AddIndex(
            model_name="answerfact",
            index=models.Index(fields=["question", "version", "part", "number"], name="answer_fact_question"),
        ),
        migrations.AddIndex(
            model_name="answerfact",
            index=models.Index(fields=["plan", "number"], name="answer_fact_plan"),
        ),
        migrations.AddConstraint(
            model_name="answerfact",
            constraint=models.UniqueConstraint(fields=("attempt", "no"), name="answer_fact_once"),
        ),
        migrations.AddIndex(
            model_name="marktask",
            index=models.Index(
                condition=models.Q(("points", None)), fields=["question", "version", "part", "due_at"], name="mark_task_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="marktask",
            constraint=models.UniqueConstraint(fields=("attempt", "no"), name="mark_task_once"),
        ),
        migrations.AddConstraint(
            model_name="marktask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("marked_at", None), ("marked_by", None), ("points", None)),
                    models.Q(
                        ("marked_at__isnull", False),
                        ("marked_by__isnull", False),
                        ("points__isnull", False),
                        ("points__lte", models.F("most")),
                    ),
                    _connector="OR",
                ),
                name="mark_task_marked_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="scoreappeal",
            index=models.Index(condition=models.Q(("state", "WAITING")), fields=["due_at"], name="score_appeal_waiting"),
        ),
        migrations.AddIndex(
            model_name="scoreappeal",
            index=models.Index(fields=["learner", "-at"], name="score_appeal_of_learner"),
        ),
        migrations.AddConstraint(
            model_name="scoreappeal",
            constraint=models.UniqueConstraint(fields=("attempt", "no"), name="score_appealed_once", nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name="scoreappeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("reason", ""), ("state", "WAITING")),
                    models.Q(
                        models.Q(("state", "WAITING"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="score_appeal_decided_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="scoreproposal",
            index=models.Index(fields=["state", "proposed_at"], name="score_proposal_state"),
        ),
        migrations.AddConstraint(
            model_name="scoreproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="score_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["APPROVED", "DECLINED"]), _negated=True),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="score_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="score_proposed_with_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "QUESTION"), ("state", "PROPOSED")),
                fields=("bank", "question", "version", "part"),
                name="question_in_doubt_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreentry",
            constraint=models.UniqueConstraint(fields=("attempt", "n"), name="score_entry_number_once"),
        ),
        migrations.AddConstraint(
            model_name="scoreentry",
            constraint=models.UniqueConstraint(fields=("attempt", "proposal"), name="score_entry_once_per_proposal"),
        ),
        migrations.AddConstraint(
            model_name="scoreentry",
            constraint=models.CheckConstraint(condition=models.Q(("n__gte", 1), ("score__lte", 100)), name="score_entry_percent"),
        ),
        migrations.AddIndex(
            model_name="scorechange",
            index=models.Index(condition=models.Q(("applied_at", None)), fields=["proposal", "id"], name="score_change_to_do"),
        ),
        migrations.AddConstraint(
            model_name="scorechange",
            constraint=models.UniqueConstraint(fields=("proposal", "attempt"), name="score_change_once"),
        ),
        migrations.AddIndex(
            model_name="similarpair",
            index=models.Index(fields=["plan", "chance"], name="similar_pair_of_plan"),
        ),
        migrations.AddConstraint(
            model_name="similarpair",
            constraint=models.UniqueConstraint(fields=("one", "other"), name="similar_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="similarpair",
            constraint=models.CheckConstraint(condition=models.Q(("one__lt", models.F("other"))), name="similar_pair_in_order"),
        ),
    ]
