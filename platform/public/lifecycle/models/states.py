"""Turns in the life of an enterprise, and its closing."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.models import Enterprise


class Turn(models.Model):
    """One turn in the life of an enterprise: from which state to which, why, by whom. Rows only grow."""

    class Cause(models.TextChoices):
        """Why."""

        UNPAID = "UNPAID", _("欠费")
        UNVERIFIED = "UNVERIFIED", _("企业资料未通过核验")
        VIOLATION = "VIOLATION", _("违反服务约定")
        SECURITY = "SECURITY", _("账号或数据安全事件")
        AUTHORITY = "AUTHORITY", _("监管部门要求")
        OWN_WISH = "OWN_WISH", _("企业申请")
        SETTLED = "SETTLED", _("问题已解决")
        OTHER = "OTHER", _("其他")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    former = models.CharField(max_length=10, choices=Enterprise.Status.choices)
    status = models.CharField(max_length=10, choices=Enterprise.Status.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    words = models.CharField(max_length=300)
    by = models.CharField(max_length=80, help_text="operator:7, manager:12 or system")
    by_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(name="turn_turns", condition=~Q(former=F("status")))]
        indexes = [models.Index(fields=["enterprise", "at"], name="turn_of_enterprise")]

    def __str__(self) -> str:
        return f"{self.former} -> {self.status}"


class Closure(models.Model):
    """An owner has asked to close the enterprise. Until ``ends_at`` it can be undone; then it is carried out.

    ``export``: the order of the package that was taken along; None only where the owner typed that none is wanted.
    ``kept_until``: the last day on which the law keeps the learners' records; known once it is carried out, and moved only to later days.
    ``warned_at``, ``over_at``: when the nightly round said that it comes near, and that it is over. ``reopened_at``: the enterprise came back.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    former = models.CharField(max_length=10, choices=Enterprise.Status.choices)
    reason = models.CharField(max_length=300)
    export = models.UUIDField(null=True, blank=True)
    export_sha256 = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    ends_at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, blank=True)
    undone_name = models.CharField(max_length=60, blank=True)
    undone_reason = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(undone_at=None, closed_at=None), name="one_open_closure"),
            models.CheckConstraint(
                name="closure_reopened_after", condition=Q(reopened_at=None) | Q(closed_at__lt=F("reopened_at"))
            ),
            models.CheckConstraint(name="closure_undone_or_done", condition=Q(undone_at=None) | Q(closed_at=None)),
            models.CheckConstraint(name="closure_has_time", condition=Q(ends_at__gt=F("at"))),
            models.CheckConstraint(name="closure_not_early", condition=Q(closed_at=None) | Q(closed_at__gte=F("ends_at"))),
            models.CheckConstraint(name="closure_keeps", condition=Q(closed_at=None) | Q(kept_until__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(undone_at=None, closed_at=None), name="closure_open"),
            models.Index(fields=["kept_until"], condition=Q(closed_at__isnull=False, reopened_at=None), name="closure_kept"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
