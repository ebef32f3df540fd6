"""Rows of work on many certificates at once."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateBatch(models.Model):
    """Work on many certificates, done by a worker: to print them, or to issue those that are due.

    ``ids``: certificates, or for ``ISSUE`` the learners of ``plan`` who had not completed it. ``done`` of ``total`` is written while it runs;
    ``made``: certificates that were issued. The ZIP lies sealed in the object store until ``expires_at``; ``sha256`` of it as it is handed out.
    """

    class Kind(models.TextChoices):
        """What is done."""

        SHEETS = "SHEETS", _("合并打印")
        FILES = "FILES", _("逐份文件")
        ISSUE = "ISSUE", _("核对发证")

    class State(models.TextChoices):
        """Life cycle; QUEUED and RUNNING move by themselves."""

        QUEUED = "QUEUED", _("排队中")
        RUNNING = "RUNNING", _("正在处理")
        DONE = "DONE", _("已完成")
        CANCELLED = "CANCELLED", _("已取消")
        FAILED = "FAILED", _("处理中断")
        EXPIRED = "EXPIRED", _("已过期删除")
        WITHDRAWN = "WITHDRAWN", _("已提前失效")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    plan = models.ForeignKey("plans.TrainingPlan", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ids = models.JSONField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=120, blank=True, help_text="Of the platform, where QR codes lead")
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rung_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    storage_key = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes of the ZIP")
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_files = {"storage_key": "certificate-batch"}

    class Meta:
        indexes = [models.Index(fields=["-at"], name="certificate_batch_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
