"""Whom a record is about is looked up among the announced identities."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Partial index over the records of kind ``LEARNER``."""

    dependencies: ClassVar = [("regulators", "0002_rights")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="feedrecord",
            index=models.Index(condition=models.Q(kind="LEARNER"), fields=["subject"], name="feed_identity"),
        ),
    ]
