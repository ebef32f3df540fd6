"""Enterprises see what was published, nothing else; the publish log only grows."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, visible_to_enterprises


class Migration(migrations.Migration):
    """Row-level security and triggers."""

    dependencies: ClassVar = [("catalogue", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        visible_to_enterprises("catalogue_courseversion", "state IN ('PUBLISHED', 'RETIRED')"),
        visible_to_enterprises(
            "catalogue_courseware", "EXISTS (SELECT 1 FROM catalogue_courseversion v WHERE v.id = version_id)"
        ),
        append_only("catalogue_publishlog"),
    ]
