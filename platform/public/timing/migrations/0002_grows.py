"""Rates of samples only grow: what a figure of that time stands for can be told."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("timing", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [append_only("timing_samplerate")]
