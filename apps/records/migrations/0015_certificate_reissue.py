"""A revoked certificate whose facts were wrong is replaced by another one of the same assignment and person, once."""

import django.db.models.deletion
from django.db import migrations, models

SAME = """
ALTER TABLE records_certificate ADD CONSTRAINT certificate_replaces_its_own FOREIGN KEY (issued_for, subject, replaces_id)
REFERENCES records_certificate (issued_for, subject, id)
"""
"""Beyond Django's own key: what is replaced is of one assignment and one person."""


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0014_retention_kind"),
    ]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="issued_for",
            field=models.UUIDField(help_text="The assignment that was completed"),
        ),
        migrations.AddField(
            model_name="certificate",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="records.certificate",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces", None)), fields=("issued_for",), name="certificate_first_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("issued_for", "subject", "id"), name="certificate_of_one_duty"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("replaces", None), ("replaces__lt", models.F("id")), _connector="OR"),
                name="certificate_replaces_an_earlier_one",
            ),
        ),
        migrations.RunSQL(SAME, "ALTER TABLE records_certificate DROP CONSTRAINT certificate_replaces_its_own"),
    ]
