"""Attendance is never changed: not by an enterprise's role, not by the owner (clause 四.2)."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers on `plans_attendance`."""

    dependencies: ClassVar = [("plans", "0009_classes")]
    operations: ClassVar = [append_only("plans_attendance")]
