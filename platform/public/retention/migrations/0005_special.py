"""Laws on special operations alone are told apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0004_exchange"),
    ]

    operations = [
        migrations.AddField(
            model_name="period",
            name="is_special",
            field=models.BooleanField(default=False, help_text="Asked for those of special operations (特种作业) alone"),
        ),
    ]
