"""Rows of timing: the hours measured, up to when they are added up, and how many page views are asked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.timing.audiences import Audience


class Kind(models.TextChoices):
    """What was timed. The first four are told of one page view, each from its beginning on."""

    FIRST = "FIRST", _("收到首字节")
    READY = "READY", _("页面可操作")
    LOADED = "LOADED", _("页面加载完成")
    PAINTED = "PAINTED", _("主要内容显示")
    SWAP = "SWAP", _("页面内操作")
    SERVER = "SERVER", _("服务器处理")
    VIEW = "VIEW", _("打开页面")


class Site(models.TextChoices):
    """Which kind of site."""

    PLATFORM = "PLATFORM", _("平台网站")
    ENTERPRISE = "ENTERPRISE", _("企业网站")


class Device(models.TextChoices):
    """Which kind of device; "" where it does not matter."""

    PHONE = "PHONE", _("手机")
    DESKTOP = "DESKTOP", _("电脑")


class TimedHour(models.Model):
    """The times of one kind on one page in one hour, from the fourth day on in one day: its row is that of the first hour (clause 六.(一).4).

    Neither who nor which enterprise. ``count`` are all that the measured ones stand for, in ``total_ms`` and ``buckets`` too (`rules.BOUNDS`).
    """

    hour = models.DateTimeField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    route = models.CharField(max_length=80, blank=True)
    site = models.CharField(max_length=10, choices=Site.choices)
    device = models.CharField(max_length=7, choices=Device.choices, blank=True)
    count = models.PositiveBigIntegerField(help_text="Wide: who floods us with forged times must not stop the adding up")
    sampled = models.PositiveBigIntegerField()
    total_ms = models.BigIntegerField()
    buckets = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "kind", "route", "site", "device"], name="timed_hour_once")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.kind} {self.route}"


class AddedUp(models.Model):
    """Up to which minute what was counted is in the rows: one row, so that no minute is added twice."""

    minute = models.BigIntegerField(help_text="Unix minute")

    class Meta:
        constraints = [models.CheckConstraint(name="timing_added_up_once", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.minute)


class SampleRate(models.Model):
    """Of how many page views of an audience one is timed. The newest row is in force; rows only grow."""

    audience = models.CharField(max_length=9, choices=Audience.choices)
    every = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(name="timing_sample_is_some", condition=Q(every__gte=1, every__lte=1000))]
        indexes = [models.Index(fields=["audience", "-id"], name="timing_rate_newest")]

    def __str__(self) -> str:
        return f"{self.audience} 1/{self.every}"
