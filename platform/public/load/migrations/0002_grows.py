"""Design loads and the log of warnings only grow (clause 五.3: warnings are kept)."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("load", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [append_only("load_loadwarning"), append_only("load_designload")]
