"""Courses that an enterprise has chosen."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One small table."""

    dependencies: ClassVar = [("plans", "0002_noticeread")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="CourseSelection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course_id", models.BigIntegerField(help_text="Course in the public catalogue", unique=True)),
                ("version_id", models.BigIntegerField(help_text="Version that was chosen")),
                ("added_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
