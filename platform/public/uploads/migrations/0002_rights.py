"""An enterprise sees and changes only its own uploads; the platform all."""

from typing import ClassVar

from django.db import migrations

_OWN = "public.enterprise_schema() IN ('platform', provider_schema)"
_OF_OWN = "EXISTS (SELECT 1 FROM uploads_upload u WHERE u.id = upload_id)"


def _only(table: str, condition: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY own_rows ON "{table}" USING ({condition}) WITH CHECK ({condition})',
        ],
        [f'DROP POLICY own_rows ON "{table}"', f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'],
    )


class Migration(migrations.Migration):
    """Row-level security."""

    dependencies: ClassVar = [("uploads", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [_only("uploads_upload", _OWN), _only("uploads_uploadpart", _OF_OWN)]
