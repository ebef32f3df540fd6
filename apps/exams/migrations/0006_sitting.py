"""What happens in a try is kept step by step; how a try is held and where it stands is on its row."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("exams", "0005_papers"), ("exams", "0003_mistakes")]

    operations = [
        migrations.RemoveConstraint(model_name="attempt", name="submitted_has_a_result"),
        migrations.AddField(
            model_name="attempt",
            name="policy",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, help_text="`plans.ExamPolicy` as it was at the start"
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="points",
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='{"1": 5}, written when the result is'),
        ),
        migrations.AddField(
            model_name="attempt",
            name="submitted_by",
            field=models.CharField(
                blank=True,
                choices=[("LEARNER", "本人交卷"), ("CLOCK", "到时自动交卷"), ("LEAVES", "离开次数超限，自动交卷")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="terminal",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(model_name="attempt", name="pages", field=models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField(model_name="attempt", name="leaves", field=models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField(model_name="attempt", name="check_due_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model_name="attempt", name="proven_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="attempt",
            name="state",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(submitted_at__isnull=True, then=models.Value("OPEN")),
                    models.When(score__isnull=True, then=models.Value("MARKING")),
                    default=models.Value("DONE"),
                ),
                output_field=models.CharField(
                    choices=[("OPEN", "考试中"), ("MARKING", "等待阅卷"), ("DONE", "已出成绩")], max_length=10
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                name="result_only_when_submitted",
                condition=Q(("passed__isnull", True), ("score__isnull", True))
                | Q(("passed__isnull", False), ("score__lte", 100), ("submitted_at__isnull", False)),
            ),
        ),
        migrations.CreateModel(
            name="AttemptStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("STARTED", "开始考试"),
                            ("OPENED", "打开试卷"),
                            ("TERMINAL", "更换终端"),
                            ("ANSWERED", "作答"),
                            ("LEFT", "离开考试页面"),
                            ("RETURNED", "回到考试页面"),
                            ("CHECK_ASKED", "要求核验身份"),
                            ("CHECK_PASSED", "身份核验通过"),
                            ("CHECK_FAILED", "身份核验未通过"),
                            ("CHECK_PENDING", "身份核验待复核"),
                            ("CHECK_MISSED", "交卷时身份核验未完成"),
                            ("SUBMITTED", "交卷"),
                            ("SETTLED", "出成绩"),
                        ],
                        max_length=14,
                    ),
                ),
                ("no", models.PositiveSmallIntegerField(blank=True, help_text="Question of the paper", null=True)),
                ("response", models.JSONField(blank=True, null=True)),
                ("seq", models.BigIntegerField(blank=True, null=True)),
                ("terminal", models.CharField(blank=True, max_length=64)),
                ("facts", models.JSONField(default=dict)),
                (
                    "attempt",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="exams.attempt"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("seq__isnull", False)), fields=("attempt", "seq"), name="attempt_step_said_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("kind", "ANSWERED"), _negated=True),
                            Q(("no__isnull", False), ("response__isnull", False), ("seq__isnull", False)),
                            _connector="OR",
                        ),
                        name="answers_are_numbered",
                    ),
                ],
            },
        ),
    ]
