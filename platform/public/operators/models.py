"""People who run the platform, and the second factor of everybody who signs in there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Operator(models.Model):
    """A platform person; enters with password and one-time code (GB/T 22239 8.1.4.1 d)."""

    class Role(models.TextChoices):
        """Separate duties: who writes does not judge, who judges does not publish."""

        AUTHOR = "AUTHOR", _("课程作者")
        REVIEWER = "REVIEWER", _("课程审核员")
        OPERATIONS = "OPERATIONS", _("平台运营")

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator")
    role = models.CharField(max_length=12, choices=Role.choices)

    def __str__(self) -> str:
        return f"{self.role} #{self.credential_id}"


class SecondFactor(models.Model):
    """The sealed TOTP secret of one credential of the platform (operators and regulators)."""

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_factor")
    sealed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0, help_text="Time step of the last accepted code; a code works once")
    sealed_columns = {"sealed": "totp/{credential_id}"}

    def __str__(self) -> str:
        return f"second factor #{self.credential_id}"
