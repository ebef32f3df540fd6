from django.db import migrations, models
from django.db.models import F, Q

NAMES = ("told", "useful_sum", "clear_sum", "picture_sum", "level_sum")


class Migration(migrations.Migration):
    dependencies = [("search", "0004_parts")]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=models.PositiveIntegerField(default=0))
            for model in ("qualitydaily", "coursequality")
            for name in NAMES
        ),
        migrations.AddField(
            model_name="entry",
            name="aspects",
            field=models.JSONField(default=dict, help_text='What the ratings prove by aspect, {"useful": 4.1, …}'),
        ),
        migrations.AddConstraint(
            model_name="qualitydaily",
            constraint=models.CheckConstraint(
                condition=Q(told__lte=F("ratings"))
                & Q(useful_sum__gte=F("told"), useful_sum__lte=F("told") * 5)
                & Q(clear_sum__gte=F("told"), clear_sum__lte=F("told") * 5)
                & Q(picture_sum__gte=F("told"), picture_sum__lte=F("told") * 5)
                & Q(level_sum__gte=F("told"), level_sum__lte=F("told") * 5),
                name="quality_aspects_1_to_5",
            ),
        ),
    ]
