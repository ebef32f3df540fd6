"""The platform's own log is the longest of all: what one of its rooms did is found by an index of its own, which no enterprise pays for."""

from typing import ClassVar

from django.db import migrations

INDEX = "CREATE INDEX audit_event_own_action ON audit_event (action text_pattern_ops, at DESC) WHERE schema_name = 'public'"


class Migration(migrations.Migration):
    """One more partial index in every month."""

    dependencies: ClassVar = [("audit", "0007_found_and_sealed")]
    operations: ClassVar = [migrations.RunSQL(INDEX, "DROP INDEX audit_event_own_action")]
