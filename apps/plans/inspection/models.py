"""Rows of inspections. The link's secret is kept as a digest only; every opening stays for the enterprise to see."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class _Scoped(models.Model):
    """What is shown: people of ``unit`` and below (None: everybody), plans that ran between ``since`` and ``until`` (both included)."""

    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField()

    class Meta:
        abstract = True


class InspectionPackage(_Scoped):
    """One ZIP with everything of a scope, made in the background; it lies sealed in the object store until ``expires_at``.

    ``note``: a code that says why there is none. ``sha256`` of the ZIP as it is handed out.
    """

    class State(models.TextChoices):
        """Life cycle; QUEUED and RUNNING move by themselves."""

        QUEUED = "QUEUED", _("排队中")
        RUNNING = "RUNNING", _("正在生成")
        DONE = "DONE", _("已生成")
        CANCELLED = "CANCELLED", _("已取消")
        FAILED = "FAILED", _("生成中断")
        EXPIRED = "EXPIRED", _("已过期删除")
        WITHDRAWN = "WITHDRAWN", _("已提前失效")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rung_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    storage_key = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes of the ZIP")
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_files = {"storage_key": "inspection-package"}

    class Meta:
        indexes = [models.Index(fields=["-at"], name="inspection_package_newest")]

    def __str__(self) -> str:
        return f"package {self.uuid}"


class InspectionLink(_Scoped):
    """One read-only way in for an inspector without an account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret in the link")
    purpose = models.CharField(max_length=60, blank=True)
    package = models.ForeignKey(InspectionPackage, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="inspection_link_expires_later", condition=Q(expires_at__gt=F("at"))),
            models.CheckConstraint(name="inspection_link_has_a_period", condition=Q(until__gte=F("since"))),
        ]
        indexes = [models.Index(fields=["-at"], name="inspection_link_newest")]

    def __str__(self) -> str:
        return f"inspection {self.uuid}"


class InspectionVisit(models.Model):
    """One opening of a link, or of its package."""

    class What(models.TextChoices):
        """What was opened."""

        OPENED = "OPENED", _("打开链接")
        PACKAGE = "PACKAGE", _("下载材料包")

    link = models.ForeignKey(InspectionLink, on_delete=models.PROTECT, related_name="visits")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField()
    agent = models.CharField(max_length=200, blank=True, help_text="What the browser calls itself")

    class Meta:
        indexes = [models.Index(fields=["link", "-at"], name="inspection_visit_newest")]

    def __str__(self) -> str:
        return f"{self.what} {self.link_id}"
