"""Rows of status: one of 60 minutes for each component and hour, and what operators say about outages."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Component(models.TextChoices):
    """What is probed, each by really using it."""

    WEB = "WEB", _("网页与接口")
    WORKER = "WORKER", _("后台任务")
    DATABASE = "DATABASE", _("数据库")
    CACHE = "CACHE", _("缓存与消息队列")
    STORAGE = "STORAGE", _("对象存储")
    MEDIA = "MEDIA", _("课程视频")


class ProbeHour(models.Model):
    """The minutes of one hour of one component: bit n of ``measured`` says that minute n was probed, of ``ok`` that it answered."""

    component = models.CharField(max_length=8, choices=Component.choices)
    hour = models.DateTimeField()
    measured = models.BigIntegerField(default=0)
    ok = models.BigIntegerField(default=0)
    latency_ms = models.PositiveIntegerField(default=0, help_text="Sum over what was measured")
    slowest_ms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "hour"], name="probe_hour_once"),
            models.CheckConstraint(name="probe_sixty_minutes", condition=Q(measured__gte=0, measured__lt=1 << 60, ok__gte=0)),
        ]
        indexes = [models.Index(fields=["hour"], name="probe_by_hour")]

    def __str__(self) -> str:
        return f"{self.component} {self.hour:%Y-%m-%d %H}"


class Incident(models.Model):
    """An outage, or work that was announced ahead. Only work announced before it began is left out of the uptime."""

    class Kind(models.TextChoices):
        """Which."""

        OUTAGE = "OUTAGE", _("故障")
        PLANNED = "PLANNED", _("计划维护")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    components = ArrayField(models.CharField(max_length=8, choices=Component.choices))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="None: not over yet")
    by = models.CharField(max_length=80)
    at = models.DateTimeField(help_text="When it was written down")

    class Meta:
        constraints = [
            models.CheckConstraint(name="incident_period", condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="incident_planned_ends", condition=Q(kind="OUTAGE") | Q(ends_at__isnull=False)),
            models.CheckConstraint(name="incident_of_something", condition=~Q(components=[])),
        ]
        indexes = [models.Index(fields=["starts_at"], name="incident_by_start")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_announced_ahead(self) -> bool:
        """Whether people could know before it began."""
        return self.kind == self.Kind.PLANNED and self.at < self.starts_at

    def is_open(self, at: datetime) -> bool:
        """Whether it is going on."""
        return not self.is_off and self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def is_coming(self, at: datetime) -> bool:
        """Whether it is work that has yet to begin."""
        return not self.is_off and at < self.starts_at

    @property
    def is_off(self) -> bool:
        """Whether it was work that was called off before it began."""
        return any(word.stage == Word.Stage.OFF for word in self.words.all())

    @property
    def is_told(self) -> bool:
        """Whether its last word was said."""
        return any(word.stage in LAST for word in self.words.all())

    @property
    def shown_title(self) -> str:
        """The title in the reader's language; Chinese where there is no English."""
        return self.title_en if self.title_en and _is_english() else self.title

    @property
    def component_names(self) -> list[str]:
        """The components in words."""
        return [str(Component(one).label) for one in self.components if one in Component.values]


class Word(models.Model):
    """What operators said about an incident at a moment. Rows only grow."""

    class Stage(models.TextChoices):
        """How far it is: the first four of an outage, the others of planned work."""

        FOUND = "FOUND", _("正在排查")
        KNOWN = "KNOWN", _("已找到原因")
        WATCHED = "WATCHED", _("已修复，观察中")
        OVER = "OVER", _("已恢复")
        PLANNED = "PLANNED", _("已安排")
        WORKING = "WORKING", _("维护中")
        DONE = "DONE", _("已完成")
        OFF = "OFF", _("已取消")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="words")
    stage = models.CharField(max_length=7, choices=Stage.choices)
    text = models.CharField(max_length=1000)
    text_en = models.CharField(max_length=2000, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.stage}"

    @property
    def shown_text(self) -> str:
        """What was said, in the reader's language; Chinese where there is no English."""
        return self.text_en if self.text_en and _is_english() else self.text


STAGES = {
    Incident.Kind.OUTAGE: (Word.Stage.FOUND, Word.Stage.KNOWN, Word.Stage.WATCHED, Word.Stage.OVER),
    Incident.Kind.PLANNED: (Word.Stage.PLANNED, Word.Stage.WORKING, Word.Stage.DONE, Word.Stage.OFF),
}
LAST = frozenset({Word.Stage.OVER, Word.Stage.DONE, Word.Stage.OFF})
"""After these nothing more is said."""


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
