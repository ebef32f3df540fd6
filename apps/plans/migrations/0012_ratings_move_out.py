"""Ratings belong to `apps.community` from now on: the table keeps its rows and rights and gets another name."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """One table is called otherwise; nothing is copied."""

    dependencies: ClassVar = [("plans", "0011_exam_papers")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE "plans_courserating" RENAME TO "community_courserating"',
                    'ALTER TABLE "community_courserating" RENAME TO "plans_courserating"',
                )
            ],
            state_operations=[migrations.DeleteModel("CourseRating")],
        ),
    ]
