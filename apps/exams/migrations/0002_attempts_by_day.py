from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exams", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["submitted_at"], name="attempt_by_day"),
        ),
    ]
