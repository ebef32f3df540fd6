from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regulators", "0009_exchange_enterprises"),
    ]

    operations = [
        migrations.AlterField(
            model_name="certificatechange",
            name="kind",
            field=models.CharField(
                choices=[("RENEWED", "已续期"), ("REVOKED", "已撤销"), ("CORRECTED", "有更正"), ("REPLACED", "已换发")],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="certificatechange", name="certificate_change_says_why"),
        migrations.AddConstraint(
            model_name="certificatechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "REVOKED"), models.Q(("reason", ""), _negated=True)),
                    models.Q(("kind__in", ["RENEWED", "REPLACED"]), models.Q(("other_code", ""), _negated=True)),
                    models.Q(("kind", "CORRECTED"), ("other_code", ""), ("reason", "")),
                    _connector="OR",
                ),
                name="certificate_change_says_why",
            ),
        ),
    ]
