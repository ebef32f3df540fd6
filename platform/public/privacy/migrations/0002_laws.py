"""Notices and times only grow; the first ones are there from the start."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from public.privacy import seed
from tenants.database.append_only import append_only


def _load(apps: Any, editor: Any) -> None:
    at, here = timezone.now(), editor.connection.alias
    for name, lines in (("NoticeVersion", seed.notices()), ("PrivacyRule", seed.rules())):
        rows = apps.get_model("privacy", name).objects.using(here)
        rows.bulk_create([rows.model(**line, at=at) for line in lines])


class Migration(migrations.Migration):
    """Triggers, then data."""

    dependencies: ClassVar = [("privacy", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("privacy_noticeversion"),
        append_only("privacy_privacyrule"),
        migrations.RunPython(_load, migrations.RunPython.noop),
    ]
