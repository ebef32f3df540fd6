"""An enterprise adds and sees its own offers, never a decided one; everybody sees remarks that were not taken down."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import own_rows_only, visible_to_enterprises

UNDECIDED = """
CREATE POLICY undecided ON remarks_offer AS RESTRICTIVE FOR INSERT
WITH CHECK (state = 'WAITING' OR public.enterprise_schema() = 'platform')
"""


class Migration(migrations.Migration):
    """Row-level security."""

    dependencies: ClassVar = [("remarks", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        own_rows_only("remarks_offer"),
        migrations.RunSQL(UNDECIDED, "DROP POLICY undecided ON remarks_offer"),
        visible_to_enterprises("remarks_remark", "removed_at IS NULL"),
    ]
