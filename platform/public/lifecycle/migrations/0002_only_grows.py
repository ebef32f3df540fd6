"""What was handed in, and which turns an enterprise's life took, only grows."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("lifecycle", "0001_initial"), ("tenants", "0005_lifecycle")]
    operations: ClassVar = [append_only("lifecycle_paper"), append_only("lifecycle_turn")]
