"""Rows only grow; an enterprise sees its own."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, own_rows_only


class Migration(migrations.Migration):
    """Triggers and row-level security."""

    dependencies: ClassVar = [("regulators", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("regulators_feedrecord"),
        own_rows_only("regulators_feedrecord"),
        append_only("regulators_certificatelisting"),
        own_rows_only("regulators_certificatelisting"),
    ]
