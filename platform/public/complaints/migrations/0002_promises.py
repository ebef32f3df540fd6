"""Promises, steps and attachments only grow; the first times are there from the start. No enterprise has a right to any table here.

What an authority is told of complaints stands in the feed beside the enterprise's own records, which the enterprise may read: not these.
"""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from public.complaints import seed
from tenants.database.append_only import append_only

UNSEEN = """
CREATE POLICY complaints_unseen ON regulators_feedrecord AS RESTRICTIVE FOR SELECT
USING (kind <> 'COMPLAINT' OR (SELECT public.enterprise_schema()) = 'platform')
"""


def _load(apps: Any, editor: Any) -> None:
    at = timezone.now()
    rows = apps.get_model("complaints", "Promise").objects.using(editor.connection.alias)
    rows.bulk_create([rows.model(**line, at=at) for line in seed.promises()])


class Migration(migrations.Migration):
    """Triggers, then data."""

    dependencies: ClassVar = [("complaints", "0001_initial"), ("regulators", "0002_rights"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("complaints_promise"),
        append_only("complaints_event"),
        append_only("complaints_attachment"),
        migrations.RunSQL(UNSEEN, "DROP POLICY complaints_unseen ON regulators_feedrecord"),
        migrations.RunPython(_load, migrations.RunPython.noop),
    ]
