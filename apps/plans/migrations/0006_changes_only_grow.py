"""What was changed about plans stays as it was written, for everybody, the owner too."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("plans", "0005_running")]
    operations: ClassVar = [append_only("plans_planchange")]
