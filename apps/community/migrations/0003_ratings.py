"""Takes the ratings over from plans, gives them aspects and a day from which they stand, and lets people write beside them.

Ratings that were there stand already: they were counted on the day they were given.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

RATED = migrations.CreateModel(
    name="CourseRating",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("version_id", models.BigIntegerField(help_text="Version in the public catalogue")),
        ("stars", models.PositiveSmallIntegerField()),
        ("at", models.DateTimeField(db_index=True)),
        (
            "learner",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="people.learner"),
        ),
    ],
    options={
        "constraints": [
            models.UniqueConstraint(fields=("learner", "version_id"), name="course_rated_once"),
            models.CheckConstraint(condition=models.Q(("stars__gte", 1), ("stars__lte", 5)), name="one_to_five_stars"),
        ],
    },
)
STARS = ("useful", "clear", "picture", "level")


class Migration(migrations.Migration):
    dependencies = [("community", "0002_rules_only_grow"), ("people", "0001_initial"), ("plans", "0012_ratings_move_out")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[RATED]),
        *(
            migrations.AddField(
                model_name="courserating", name=name, field=models.PositiveSmallIntegerField(blank=True, null=True)
            )
            for name in STARS
        ),
        migrations.AddField(model_name="courserating", name="changed_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="courserating",
            name="stands_at",
            field=models.DateTimeField(db_index=True, help_text="From then on it stands; on that day it is counted", null=True),
        ),
        migrations.RunSQL("UPDATE community_courserating SET stands_at = at", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="courserating",
            name="stands_at",
            field=models.DateTimeField(db_index=True, help_text="From then on it stands; on that day it is counted"),
        ),
        migrations.AddConstraint(
            model_name="courserating",
            constraint=models.CheckConstraint(
                condition=models.Q(**{f"{name}__isnull": True for name in STARS})
                | models.Q(**{f"{name}__isnull": False for name in STARS}, **{f"{name}__range": (1, 5) for name in STARS}),
                name="rating_aspects_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="courserating",
            constraint=models.CheckConstraint(condition=models.Q(stands_at__gte=models.F("at")), name="rating_stands_after"),
        ),
        migrations.CreateModel(
            name="RatingComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.CharField(max_length=500)),
                ("may_share", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("WAITING", "待审核"), ("SHOWN", "已展示"), ("HIDDEN", "不展示")],
                        default="WAITING",
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it is not shown; the learner reads it", max_length=200),
                ),
                ("decided_by", models.CharField(blank=True, help_text="A reference such as manager:7", max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("offer", models.UUIDField(blank=True, null=True)),
                ("offered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "rating",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comment", to="community.courserating"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "WAITING")), fields=["written_at"], name="comment_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "WAITING")),
                            models.Q(models.Q(("state", "WAITING"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "HIDDEN"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="comment_hidden_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offer", None), ("may_share", True), _connector="OR"),
                        name="comment_offered_if_shared",
                    ),
                ],
            },
        ),
    ]
