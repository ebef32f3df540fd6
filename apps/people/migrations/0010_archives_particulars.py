"""What a learner's file tells besides: trade, schooling, whether the post's hazards were checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_samples"),
    ]

    operations = [
        migrations.AddField(
            model_name="learner",
            name="trade",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="learner",
            name="education",
            field=models.CharField(
                blank=True,
                choices=[
                    ("PRIMARY", "小学及以下"),
                    ("MIDDLE", "初中"),
                    ("HIGH", "高中、中专、技校"),
                    ("COLLEGE", "大专"),
                    ("BACHELOR", "本科"),
                    ("MASTER", "研究生及以上"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="learner",
            name="fitness",
            field=models.CharField(
                blank=True,
                choices=[("FIT", "未见职业禁忌"), ("UNFIT", "有职业禁忌，已调整岗位")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="learner",
            name="fitness_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
