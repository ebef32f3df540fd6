"""How long records are kept is read from `public.retention`; what stood here stays as history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0004_forget_the_erased_alone"),
        ("retention", "0006_one_source"),
    ]

    operations = [
        migrations.AlterField(
            model_name="privacyrule",
            name="record_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="privacyrule",
            name="record_law",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="privacyrule",
            name="special_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="privacyrule",
            name="special_law",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
