"""Heads only grow, for everybody; an enterprise sees and adds only its own."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, own_rows_only


class Migration(migrations.Migration):
    """Triggers and row-level security."""

    dependencies: ClassVar = [("seals", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        *(append_only(f"seals_{table}") for table in ("head", "placed", "loghead", "copy")),
        own_rows_only("seals_head"),
    ]
