"""Rows only grow."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("review", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("review_decision"),
    ]
