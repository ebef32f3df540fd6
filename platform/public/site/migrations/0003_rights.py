"""Marks of having read are each enterprise's own; they, and what was said of incidents, only grow."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, own_rows_only


class Migration(migrations.Migration):
    """Triggers and row-level security."""

    dependencies: ClassVar = [("site", "0002_rooms"), ("tenants", "0002_functions")]
    operations: ClassVar = [append_only("site_seen"), append_only("site_word"), own_rows_only("site_seen")]
