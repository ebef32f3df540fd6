"""Wrong answers of a quiz that is asked again wait with their keys."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar = [("exams", "0009_corrections_only_grow")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="collected",
            name="held",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Wrong, and stays out of the book while its quiz is asked again"
            ),
        ),
    ]
