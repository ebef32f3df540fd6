"""The tree over the ledger only grows, for everybody, the owner too."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("records", "0008_leaf_treenode")]
    operations: ClassVar = [append_only("records_leaf"), append_only("records_treenode")]
