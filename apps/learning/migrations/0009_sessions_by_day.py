from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0008_archived")]

    operations = [
        migrations.AddIndex(
            model_name="studysession",
            index=models.Index(fields=["opened_at"], name="session_by_opening"),
        ),
    ]
