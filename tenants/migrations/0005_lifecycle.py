"""An enterprise may be closing, with a time to think it over, and be looked at by an operator by leave of its owner."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns and one state more."""

    dependencies: ClassVar = [("tenants", "0004_keys")]
    operations: ClassVar = [
        migrations.AddField(
            "enterprise",
            "closes_at",
            models.DateTimeField(blank=True, help_text="CLOSING: until when its owner may think better of it", null=True),
        ),
        migrations.AddField(
            "enterprise",
            "visited_until",
            models.DateTimeField(blank=True, help_text="Until when an operator may look, by the owner's leave", null=True),
        ),
        migrations.AlterField(
            "enterprise",
            "status",
            models.CharField(
                choices=[("ACTIVE", "使用中"), ("SUSPENDED", "已停用"), ("CLOSING", "注销中"), ("CLOSED", "已注销")],
                default="ACTIVE",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "enterprise",
            models.CheckConstraint(
                condition=models.Q(models.Q(("status", "CLOSING"), _negated=True), ("closes_at__isnull", False), _connector="OR"),
                name="enterprise_closing_ends",
            ),
        ),
    ]
