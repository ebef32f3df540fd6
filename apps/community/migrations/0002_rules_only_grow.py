"""What rule of answering held stays as it was written, for everybody, the owner too."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("community", "0001_threads"), ("tenants", "0002_functions")]
    operations: ClassVar = [append_only("community_talk_rule")]
