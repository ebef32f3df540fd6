"""Rows of requests about one's own data."""

from __future__ import annotations

import uuid as uuid_module

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

__all__ = ["PrivacyRequest"]


class PrivacyRequest(models.Model):
    """One request of one learner about the own data. An export answers itself, the others a manager answers before ``due_at``.

    ``wanted_sealed``: the new values of a correction, emptied once it is decided; ``fields``: which ones, for lists. ``told``: the last
    stage of the clock that managers were reminded of, in percent. ``effect``: what a decision did, codes and dates only.
    The file of an export lies sealed in the object store until it was fetched once, or ``expires_at``.
    """

    class Kind(models.TextChoices):
        """What is asked for."""

        EXPORT = "EXPORT", _("导出我的信息")
        CORRECTION = "CORRECTION", _("更正")
        RESTRICTION = "RESTRICTION", _("限制处理")
        ERASURE = "ERASURE", _("删除")

    class State(models.TextChoices):
        """Where a request stands; an export goes MAKING → READY → TAKEN or EXPIRED."""

        WAITING = "WAITING", _("待处理")
        APPROVED = "APPROVED", _("已同意")
        REFUSED = "REFUSED", _("未同意")
        WITHDRAWN = "WITHDRAWN", _("本人已撤回")
        MAKING = "MAKING", _("正在整理")
        READY = "READY", _("可以下载")
        TAKEN = "TAKEN", _("已下载")
        EXPIRED = "EXPIRED", _("已过期删除")
        FAILED = "FAILED", _("没有生成")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    words = models.CharField(max_length=1000, blank=True)
    fields = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    wanted_sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    told = models.PositiveSmallIntegerField(default=0)
    decided_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    effect = models.JSONField(default=dict)
    storage_key = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes of the ZIP")
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    sealed_columns = {"wanted_sealed": "privacy-request"}
    sealed_files = {"storage_key": "privacy-export"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "kind"], condition=Q(state__in=["WAITING", "MAKING"]), name="privacy_one_open_of_a_kind"
            ),
            models.CheckConstraint(
                name="privacy_decided_by_somebody",
                condition=~Q(state__in=["APPROVED", "REFUSED"])
                | Q(decided_by__isnull=False, decided_at__isnull=False, reason__gt=""),
            ),
            models.CheckConstraint(
                name="privacy_export_answers_itself",
                condition=~Q(kind="EXPORT") | ~Q(state__in=["WAITING", "APPROVED", "REFUSED"]),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="WAITING"), name="privacy_waiting"),
            models.Index(fields=["learner", "-at"], name="privacy_of_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_waiting(self) -> bool:
        """Whether a manager must answer."""
        return self.state == self.State.WAITING
