"""Rows of announcements. Enterprises read all of them; their marks of having read are their own."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.database.stamps import EnterpriseSchema


class Announcement(models.Model):
    """One announcement. It is never rewritten: a mistake is withdrawn with a reason and announced anew.

    ``division``: only enterprises whose administrative division begins with it; empty: all.
    """

    class Audience(models.TextChoices):
        """Whom it is for."""

        EVERYBODY = "EVERYBODY", _("所有人（含公开页面）")
        PEOPLE = "PEOPLE", _("企业全体人员")
        MANAGERS = "MANAGERS", _("企业管理人员")
        LEARNERS = "LEARNERS", _("学员")
        OPERATORS = "OPERATORS", _("平台人员")

    class Level(models.TextChoices):
        """How loud it is."""

        INFO = "INFO", _("一般")
        ATTENTION = "ATTENTION", _("重要")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audience = models.CharField(max_length=9, choices=Audience.choices)
    division = models.CharField(max_length=6, blank=True)
    level = models.CharField(max_length=9, choices=Level.choices, default=Level.INFO)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    text = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=8000, blank=True)
    is_pinned = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(name="announcement_period", condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="announcement_division", condition=Q(division__regex=r"^(\d{2}|\d{4}|\d{6})?$")),
            models.CheckConstraint(
                name="announcement_withdrawn_with_reason", condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason="")
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], condition=Q(withdrawn_at=None), name="announcement_live")]

    def __str__(self) -> str:
        return self.title

    def is_live(self, at: datetime) -> bool:
        """Whether it is shown at a moment."""
        return self.withdrawn_at is None and self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Seen(models.Model):
    """Somebody has opened an announcement. ``reader``: a reference within the place, e.g. ``manager:1``. Rows only grow."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="seen")
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    reader = models.CharField(max_length=40)
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "schema_name", "reader"], name="announcement_seen_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.reader}"
