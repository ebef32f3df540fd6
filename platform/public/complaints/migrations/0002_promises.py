"""Promises, steps and attachments only grow; the first times are there from the start. No enterprise has a right to any table here."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from public.complaints import seed
from tenants.database.append_only import append_only


def _load(apps: Any, editor: Any) -> None:
    at = timezone.now()
    rows = apps.get_model("complaints", "Promise").objects.using(editor.connection.alias)
    rows.bulk_create([rows.model(**line, at=at) for line in seed.promises()])


class Migration(migrations.Migration):
    """Triggers, then data."""

    dependencies: ClassVar = [("complaints", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("complaints_promise"),
        append_only("complaints_event"),
        append_only("complaints_attachment"),
        migrations.RunPython(_load, migrations.RunPython.noop),
    ]
