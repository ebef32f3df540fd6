"""Rows that hold from a day on. They only grow: what somebody was told, and in which time an answer was due, can be shown later."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeVersion(models.Model):
    """One version of what people are told. ``paragraphs``: a list of texts ``标题：内容``; ``changes``: what differs from the version before.

    A changed text is a new version from a day on. Who was told an older one is told again; a face is enrolled under the newest only.
    """

    class Kind(models.TextChoices):
        """What about."""

        PRIVACY = "PRIVACY", _("个人信息处理告知")
        FACE = "FACE", _("人脸信息处理告知与单独同意")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    version = models.CharField(max_length=20)
    valid_from = models.DateField()
    paragraphs = models.JSONField()
    paragraphs_en = models.JSONField()
    changes = models.CharField(max_length=500, blank=True)
    changes_en = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=80, help_text="A reference such as operator:7, or seed")
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="notice_version_once"),
            models.UniqueConstraint(fields=["kind", "valid_from"], name="notice_version_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class PrivacyRule(models.Model):
    """Times that hold from a day on. ``answer_days``: working days for the answer to a request.

    ``record_months`` and what follows are history: how long records are kept stood here once, and is read from `public.retention` ``Period``.
    """

    valid_from = models.DateField(unique=True)
    answer_days = models.PositiveSmallIntegerField()
    file_days = models.PositiveSmallIntegerField(help_text="Days that an export can be fetched")
    record_months = models.PositiveSmallIntegerField(null=True, blank=True)
    record_law = models.CharField(max_length=200, blank=True)
    special_months = models.PositiveSmallIntegerField(null=True, blank=True)
    special_law = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=80, help_text="A reference such as operator:7, or seed")
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="privacy_rule_within_the_law",
                condition=Q(answer_days__range=(1, 15), file_days__range=(1, 30), record_months__gte=36, special_months__gte=36),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"
