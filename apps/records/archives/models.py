"""Packages of files, made in the background."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ArchivePackage(models.Model):
    """One ZIP with the files of a chosen set; it lies sealed in the object store until ``expires_at``.

    ``subjects``: uuids of learners, or of plans. ``within``: ids of the units whose people whoever ordered it sees, None for all.
    """

    class Kind(models.TextChoices):
        """What is in it."""

        LEARNERS = "LEARNERS", _("一人一档")
        CLASSES = "CLASSES", _("一期一档")

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
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subjects = models.JSONField()
    within = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    by = models.CharField(max_length=40, help_text="A reference such as manager:12")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    rung_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    storage_key = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the ZIP")
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_files = {"storage_key": "archive-package"}

    class Meta:
        indexes = [models.Index(fields=["-at"], name="archive_package_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
