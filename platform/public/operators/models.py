"""People who run the platform."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Operator(models.Model):
    """A platform person; enters with password and one-time code (GB/T 22239 8.1.4.1 d)."""

    class Role(models.TextChoices):
        """Separate duties."""

        AUTHOR = "AUTHOR", _("课程作者")
        REVIEWER = "REVIEWER", _("课程审核员")
        OPERATIONS = "OPERATIONS", _("平台运营")

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator")
    role = models.CharField(max_length=12, choices=Role.choices)
    totp_sealed = models.BinaryField(null=True, blank=True)
    totp_confirmed_at = models.DateTimeField(null=True, blank=True)
    totp_last_step = models.BigIntegerField(default=0, help_text="Time step of the last accepted code; a code works once")

    def __str__(self) -> str:
        return f"{self.role} #{self.credential_id}"
