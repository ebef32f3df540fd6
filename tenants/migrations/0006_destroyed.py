"""Nothing stands behind the row of an enterprise whose data were destroyed; its keys are emptied, its company may sign up anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0005_lifecycle"),
    ]

    operations = [
        migrations.AddField(
            model_name="datakey",
            name="destroyed_at",
            field=models.DateTimeField(blank=True, help_text="Emptied: what it sealed is lost for good", null=True),
        ),
        migrations.AddField(
            model_name="enterprise",
            name="destroyed_at",
            field=models.DateTimeField(blank=True, help_text="Since when nothing of it is here but this row", null=True),
        ),
        migrations.AlterField(
            model_name="enterprise",
            name="status_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="enterprise",
            name="uscc",
            field=models.CharField(max_length=18),
        ),
        migrations.AddConstraint(
            model_name="datakey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("destroyed_at", None), models.Q(("wrapped", b""), _negated=True)),
                    models.Q(("destroyed_at__isnull", False), ("wrapped", b"")),
                    _connector="OR",
                ),
                name="data_key_emptied_when_destroyed",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("destroyed_at", None)), fields=("uscc",), name="enterprise_uscc_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(("destroyed_at", None), ("status", "CLOSED"), _connector="OR"),
                name="enterprise_destroyed_when_closed",
            ),
        ),
    ]
