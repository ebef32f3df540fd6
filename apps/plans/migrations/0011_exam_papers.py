from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0010_attendance_only_grows")]

    operations = [
        migrations.AddField(
            model_name="trainingplan",
            name="exam_paper",
            field=models.UUIDField(blank=True, help_text="Revision of a paper; None: drawn from the courses' topics", null=True),
        ),
        migrations.AddField(
            model_name="trainingplan",
            name="exam_policy",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, help_text="`ExamPolicy`; what is absent is as by default"
            ),
        ),
    ]
