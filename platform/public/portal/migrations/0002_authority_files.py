"""Authorities add files too."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Says so; nothing changes in the table."""

    dependencies: ClassVar = [("portal", "0001_initial")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="attachment",
            name="by",
            field=models.CharField(help_text="manager:7 or credential:7", max_length=40),
        )
    ]
