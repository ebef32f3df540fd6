"""One enterprise's beats of a month are found without reading everybody's: each packs its own every month, and all look each night."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """The index that `audit_event` has had from the beginning."""

    dependencies: ClassVar = [("audit", "0005_packed")]
    operations: ClassVar = [
        migrations.RunSQL("CREATE INDEX audit_beat_where ON audit_beat (schema_name, at)", "DROP INDEX audit_beat_where")
    ]
