from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_joining")]

    operations = [
        migrations.AddField(
            model_name="learner",
            name="sample",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name="unit",
            name="sample",
            field=models.BooleanField(default=False, db_default=False, help_text="Made to try things with (`samples.py`)"),
        ),
    ]
