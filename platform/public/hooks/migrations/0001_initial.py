"""Which enterprises have hooks."""

from typing import ClassVar

from django.db import migrations, models

import tenants.database.stamps
from tenants.database.append_only import append_only, own_rows_only


class Migration(migrations.Migration):
    """One table; it only grows, and an enterprise sees and adds its own row alone."""

    initial = True
    dependencies: ClassVar = [("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Listener",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "schema_name",
                    models.CharField(db_default=tenants.database.stamps.EnterpriseSchema(), max_length=63, unique=True),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        append_only("hooks_listener"),
        own_rows_only("hooks_listener"),
    ]
