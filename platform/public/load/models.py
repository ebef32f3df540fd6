"""Rows of load: what the platform was designed for, the hours measured, how each meter stands, and the log of warnings."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.load.rules import share


class Meter(models.TextChoices):
    """What is measured, each minute."""

    REQUESTS = "REQUESTS", _("每秒请求数")
    RESPONSE = "RESPONSE", _("平均响应时间")
    PAGES = "PAGES", _("界面平均响应时间")
    LEARNERS = "LEARNERS", _("同时学习人数")
    CONNECTIONS = "CONNECTIONS", _("数据库连接数")
    QUEUE = "QUEUE", _("排队任务数")
    DATABASE = "DATABASE", _("数据库容量")
    DISK = "DISK", _("磁盘用量")
    MEMORY = "MEMORY", _("内存用量")
    PROCESSOR = "PROCESSOR", _("处理器负荷")


class DesignLoad(models.Model):
    """What the platform is designed for, of one meter, in the meter's own unit (`words.UNITS`). The newest row is in force; rows only grow."""

    meter = models.CharField(max_length=11, choices=Meter.choices)
    value = models.FloatField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(name="design_load_is_something", condition=Q(value__gt=0))]
        indexes = [models.Index(fields=["meter", "-id"], name="design_load_newest")]

    def __str__(self) -> str:
        return f"{self.meter} {self.value}"


class LoadHour(models.Model):
    """The measured minutes of one meter in one hour."""

    meter = models.CharField(max_length=11, choices=Meter.choices)
    hour = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    total = models.FloatField(help_text="Sum over the minutes")
    peak = models.FloatField()
    peak_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meter", "hour"], name="load_hour_once")]
        indexes = [models.Index(fields=["hour"], name="load_hour_by_hour")]

    def __str__(self) -> str:
        return f"{self.meter} {self.hour:%Y-%m-%d %H}"


class LoadNow(models.Model):
    """How one meter stands: the newest minute, and the warning that is open."""

    meter = models.CharField(max_length=11, choices=Meter.choices, primary_key=True)
    value = models.FloatField()
    design = models.FloatField()
    at = models.DateTimeField()
    above = models.PositiveIntegerField(default=0)
    below = models.PositiveIntegerField(default=0)
    level = models.CharField(max_length=6, blank=True)
    episode = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="load_episode_has_a_level",
                condition=Q(level="", episode=None) | Q(level__in=["WARN", "SEVERE"], episode__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.value}"

    @property
    def share(self) -> float:
        """Which part of the design load it is."""
        return share(self.value, self.design)


class LoadWarning(models.Model):
    """One entry of the log of warnings: an episode began, became severe, was noted by somebody, is over. Rows only grow (clause 五.3)."""

    class Stage(models.TextChoices):
        """Which."""

        BEGAN = "BEGAN", _("开始预警")
        WORSE = "WORSE", _("升级为严重")
        NOTED = "NOTED", _("已处置")
        OVER = "OVER", _("恢复正常")

    episode = models.UUIDField(default=uuid.uuid4)
    meter = models.CharField(max_length=11, choices=Meter.choices)
    stage = models.CharField(max_length=5, choices=Stage.choices)
    level = models.CharField(max_length=6)
    value = models.FloatField()
    design = models.FloatField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80, default="system")
    by_name = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=300, blank=True)
    append_only = True

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="load_warning_newest"),
            models.Index(fields=["episode"], name="load_warning_of_episode"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["episode", "stage"], condition=~Q(stage="NOTED"), name="load_warning_stage_once"),
            models.CheckConstraint(
                name="load_warning_noted_by_somebody", condition=~Q(stage="NOTED") | ~Q(by="system") & ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.stage}"

    @property
    def share(self) -> float:
        """Which part of the design load it was."""
        return share(self.value, self.design)
