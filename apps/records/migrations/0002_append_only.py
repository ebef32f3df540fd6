"""The ledger and the certificates only grow, for everybody, the owner too."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("records", "0001_initial")]
    operations: ClassVar = [append_only("records_ledgerentry"), append_only("records_certificate")]
