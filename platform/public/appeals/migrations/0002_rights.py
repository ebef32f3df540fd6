"""An enterprise adds and sees its own cases; it never changes one, and adds none that is decided already."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import own_rows_only

UNDECIDED = """
CREATE POLICY undecided ON appeals_case AS RESTRICTIVE FOR INSERT
WITH CHECK (state = 'OPEN' OR public.enterprise_schema() = 'platform')
"""


class Migration(migrations.Migration):
    """Row-level security."""

    dependencies: ClassVar = [("appeals", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        own_rows_only("appeals_case"),
        migrations.RunSQL(UNDECIDED, "DROP POLICY undecided ON appeals_case"),
    ]
