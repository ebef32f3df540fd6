"""Versions of own questions are never changed: not by an enterprise's role, not by the owner."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers on `exams_questionversion`."""

    dependencies: ClassVar = [("exams", "0003_bank")]
    operations: ClassVar = [append_only("exams_questionversion")]
