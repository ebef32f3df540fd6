"""What two operators do to a closed enterprise: open it again, or destroy what is kept of it."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from public.lifecycle.models.states import Closure
from tenants.models import Enterprise


class LifeChange(models.Model):
    """What one operator asks for about a closed enterprise and another one decides: opening it again, or destroying what is kept of it."""

    class Kind(models.TextChoices):
        """What is asked for."""

        REOPEN = "REOPEN", _("重新开通")
        DESTROY = "DESTROY", _("销毁数据")

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "OPEN", _("待批准")
        APPROVED = "APPROVED", _("已批准")
        REFUSED = "REFUSED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")
        LAPSED = "LAPSED", _("已过期")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=300)
    asked_by = models.BigIntegerField(help_text="Credential of the operator who asks")
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(state="OPEN"), name="one_open_life_change"),
            models.CheckConstraint(name="life_change_by_two", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))),
            models.CheckConstraint(
                name="life_change_decided_by_somebody",
                condition=~Q(state__in=["APPROVED", "REFUSED"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def waits(self, at: datetime) -> bool:
        """Whether it may still be decided."""
        return self.state == self.State.OPEN and at < self.expires_at


class Destruction(models.Model):
    """Everything of a closed enterprise is destroyed, step by step; a worker that dies costs the step it was at (decision 0071).

    ``step``: what comes next. ``contents``: what was there and what became of it, the certificate's body in the end. ``note``: the signed note
    over that body. Until ``starts_at`` any operator may stop it; once it runs there is no way back.
    """

    class State(models.TextChoices):
        """Life cycle."""

        WAITING = "WAITING", _("等待开始")
        RUNNING = "RUNNING", _("正在销毁")
        DONE = "DONE", _("已销毁")
        STOPPED = "STOPPED", _("已停止")

    class Step(models.TextChoices):
        """What is done, in this order: first the list, then the keys, so that everything else is unreadable from then on."""

        LIST = "LIST", _("清点")
        KEYS = "KEYS", _("销毁数据密钥")
        COURSES = "COURSES", _("删除自编课程")
        FILES = "FILES", _("删除文件")
        ROWS = "ROWS", _("清除共用表中的数据")
        SCHEMA = "SCHEMA", _("删除数据库模式和角色")
        CERTIFICATE = "CERTIFICATE", _("签发销毁证明")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    change = models.OneToOneField(LifeChange, on_delete=models.PROTECT, related_name="destruction")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=11, choices=Step.choices, default=Step.LIST)
    starts_at = models.DateTimeField()
    contents = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="When the last step was done")
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=80, blank=True, help_text="operator:7 or system")
    stopped_name = models.CharField(max_length=60, blank=True)
    stopped_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=~Q(state="STOPPED"), name="one_destruction"),
            models.CheckConstraint(
                name="destruction_done_is_certified", condition=~Q(state="DONE") | (~Q(note="") & Q(ended_at__isnull=False))
            ),
            models.CheckConstraint(name="destruction_stopped_says_why", condition=~Q(state="STOPPED") | ~Q(stopped_reason="")),
            models.CheckConstraint(
                name="destruction_runs_since", condition=Q(state__in=["WAITING", "STOPPED"]) | Q(started_at__gte=F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], condition=Q(state__in=["WAITING", "RUNNING"]), name="destruction_open")]

    def __str__(self) -> str:
        return f"{self.uuid} {self.state}"
