"""What operators may see of study sessions without opening an enterprise: a card for each, and marks on its timeline.

The beats themselves are in `public.audit`; nothing is written here while somebody studies.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.database.stamps import EnterpriseSchema


class Sitting(models.Model):
    """The card of one study session: written when it opens and when it ends. ``learner`` is the masked name."""

    session = models.UUIDField(primary_key=True)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    learner = models.CharField(max_length=80)
    course = models.CharField(max_length=120)
    lesson = models.CharField(max_length=120)
    duration_ms = models.PositiveIntegerField()
    ip = models.GenericIPAddressField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=20, blank=True)
    enterprise_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        indexes = [models.Index(fields=["schema_name"], condition=Q(closed_at=None), name="sitting_open")]

    def __str__(self) -> str:
        return str(self.session)


class Mark(models.Model):
    """Something that happened in a sitting besides its beats. ``code`` says more: a kind of check, a reason code."""

    class Kind(models.TextChoices):
        """What happened."""

        PASSED = "PASSED", _("在场核验通过")
        MISSED = "MISSED", _("在场核验未通过")
        VOIDED = "VOIDED", _("学时作废")
        RESTORED = "RESTORED", _("学时恢复")
        LOCKED = "LOCKED", _("锁定，等待复核")

    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    session = models.UUIDField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=20, blank=True)
    ms = models.PositiveIntegerField(default=0)
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [models.Index(fields=["session", "at"], name="mark_of_session")]

    def __str__(self) -> str:
        return f"{self.session} {self.kind}"
