"""Files that only a few may read lie encrypted; those that came before stay as they are."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The key of each."""

    dependencies: ClassVar = [("uploads", "0002_rights")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="upload",
            name="key_sealed",
            field=models.BinaryField(blank=True, help_text="Key of the encrypted file; empty: it lies in clear", null=True),
        )
    ]
