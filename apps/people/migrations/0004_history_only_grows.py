"""What was changed about people stays as it was written, for everybody, the owner too."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("people", "0003_organisation")]
    operations: ClassVar = [append_only("people_change")]
