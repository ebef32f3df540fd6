"""An enterprise sees and writes its own sittings only; marks only grow."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, own_rows_only


class Migration(migrations.Migration):
    """Row-level security and triggers."""

    dependencies: ClassVar = [("monitor", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        own_rows_only("monitor_sitting"),
        append_only("monitor_mark"),
        own_rows_only("monitor_mark"),
    ]
