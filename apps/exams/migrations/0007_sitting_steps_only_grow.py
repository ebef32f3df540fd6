"""Steps of a try stay as they were written, for everybody, the owner too."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers on `exams_attemptstep`."""

    dependencies: ClassVar = [("exams", "0006_sitting")]
    operations: ClassVar = [append_only("exams_attemptstep")]
