"""Rows of the operator's papers (clauses 一.1 to 一.3): what it may do, by whom, until when."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

SOON_DAYS = 60


class SitePaper(models.Model):
    """One licence or filing. A renewed one is a new row that ``replaces`` the former; nothing is rewritten but what was reminded of.

    A renewal that was withdrawn makes room for another one of the same former paper.

    ``reminded``: the last of 60, 30, 7 and 0 days before the end that was told, None: none yet.
    """

    class Kind(models.TextChoices):
        """What it is."""

        BUSINESS = "BUSINESS", _("营业执照")
        TELECOM = "TELECOM", _("增值电信业务经营许可证")
        ICP = "ICP", _("网站备案")
        POLICE = "POLICE", _("公安联网备案")
        LEVEL = "LEVEL", _("网络安全等级保护备案")
        TRAINING = "TRAINING", _("安全培训机构条件公示")
        COPYRIGHT = "COPYRIGHT", _("软件著作权登记")
        CERTIFIED = "CERTIFIED", _("认证证书")
        OTHER = "OTHER", _("其他")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; None: without an end")
    scan = models.UUIDField(null=True, blank=True, help_text="A checked upload")
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals")
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    reminded = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="paper_term", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))),
            models.CheckConstraint(name="paper_withdrawn_with_reason", condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason="")),
            models.UniqueConstraint(fields=["replaces"], condition=Q(withdrawn_at=None), name="paper_renewed_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def days_left(self, today: date) -> int | None:
        """Return the days until the last one, negative when it is over; None without an end."""
        return (self.valid_until - today).days if self.valid_until else None

    def state(self, today: date) -> str:
        """Return VALID, SOON (within 60 days), EXPIRED or COMING."""
        left = self.days_left(today)
        if self.valid_from > today:
            return "COMING"
        if left is None or left > SOON_DAYS:
            return "VALID"
        return "SOON" if left >= 0 else "EXPIRED"
