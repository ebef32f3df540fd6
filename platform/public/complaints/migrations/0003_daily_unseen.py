"""The figures of a day count complaints too: an enterprise that read its own would learn that somebody complained, and on which day."""

from typing import ClassVar

from django.db import migrations

_NOW = "kind NOT IN ('COMPLAINT', 'DAILY') OR (SELECT public.enterprise_schema()) = 'platform'"
_FORMER = "kind <> 'COMPLAINT' OR (SELECT public.enterprise_schema()) = 'platform'"


class Migration(migrations.Migration):
    """Row-level security."""

    dependencies: ClassVar = [("complaints", "0002_promises")]
    operations: ClassVar = [
        migrations.RunSQL(
            f"ALTER POLICY complaints_unseen ON regulators_feedrecord USING ({_NOW})",
            f"ALTER POLICY complaints_unseen ON regulators_feedrecord USING ({_FORMER})",
        ),
    ]
