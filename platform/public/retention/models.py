"""Rows of retention. They lie in `public`, so that no enterprise pays a table for them; each sees and adds only its own (row-level security)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.database.stamps import EnterpriseSchema


class What(models.TextChoices):
    """Kinds of data that have a period of their own."""

    PROCESS = "PROCESS", _("学习过程数据")
    BEATS = "BEATS", _("学习心跳明细")
    EVENTS = "EVENTS", _("操作日志")
    LEDGER = "LEDGER", _("学习档案与培训证明")
    EXCHANGE = "EXCHANGE", _("监管报送回执")


class Period(models.Model):
    """What one law asks for: so many months at hand, so many in all. Several may hold on a day; the longest counts.

    The one source of these times: what packages are kept by, and until when an erasure waits (`public.privacy`), is read here.

    ``months_online`` 0: the law does not say. ``months_total`` None: for as long as the enterprise exists.
    """

    what = models.CharField(max_length=10, choices=What.choices)
    law = models.CharField(max_length=120)
    months_online = models.PositiveSmallIntegerField(default=0)
    months_total = models.PositiveSmallIntegerField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="The first day on which it no longer holds")
    is_special = models.BooleanField(default=False, help_text="Asked for those of special operations (特种作业) alone")
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="period_total_not_below_online", condition=Q(months_total__gte=models.F("months_online"))
            ),
            models.UniqueConstraint(fields=["what", "law", "since"], name="period_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.law}"


class Package(models.Model):
    """One encrypted package of an enterprise's old month: written into the object store, read back, and only then a row.

    ``contents``: ``{"faces": {"rows": 12, "sha256": "…", "ids": "{[1,9)}"}}`` (``ids``: an int8multirange, what may be erased).
    ``learners``: blind indexes of those it tells of. ``key_sealed``: the package's own key, all that ever changes here: sealed anew with the
    enterprise's next key, and emptied when the package is destroyed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    what = models.CharField(max_length=10, choices=What.choices)
    month = models.DateField(help_text="First day of the month, in Zhejiang")
    volume = models.PositiveSmallIntegerField()
    rows = models.PositiveIntegerField()
    contents = models.JSONField()
    learners = ArrayField(models.CharField(max_length=64), default=list)
    storage_key = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="Bytes in the object store")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes in the object store")
    manifest_sha256 = models.CharField(max_length=64)
    is_locked = models.BooleanField(help_text="The object store itself keeps it until kept_until")
    kept_until = models.DateField()
    key_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    verified_at = models.DateTimeField()
    enterprise_may = ("SELECT", "INSERT", "UPDATE")
    sealed_for_enterprise = {"key_sealed": "retention"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schema_name", "what", "month", "volume"], name="package_once"),
            models.CheckConstraint(name="package_of_something", condition=Q(rows__gte=1)),
        ]
        indexes = [GinIndex(fields=["learners"], name="package_learners")]

    def __str__(self) -> str:
        return f"{self.what} {self.month:%Y-%m}/{self.volume}"


class Step(models.Model):
    """What happened to a package after it was verified."""

    class Kind(models.TextChoices):
        """Which step."""

        ERASED = "ERASED", _("在线数据已清理")
        EXPIRED = "EXPIRED", _("保存期满已销毁")

    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rows = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "kind"], name="step_once")]

    def __str__(self) -> str:
        return f"{self.package_id} {self.kind}"


class Hold(models.Model):
    """Nothing of one learner, or of the whole enterprise, is deleted while this stands (事故调查、仲裁、诉讼)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    subject = models.UUIDField(null=True, blank=True, help_text="The learner's uuid; None: everybody of the enterprise")
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=80, help_text="A reference such as manager:12")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True, help_text="Last day; None: until somebody ends it")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_name = models.CharField(max_length=60, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    enterprise_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schema_name", "subject"], condition=Q(ended_at=None), name="one_hold_a_learner", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Order(models.Model):
    """Somebody asked to see old months again, or to take everything along. A worker makes a file; it lies there for some days."""

    class Kind(models.TextChoices):
        """What was ordered."""

        RESTORE = "RESTORE", _("调阅归档数据")
        EXPORT = "EXPORT", _("导出企业全部数据")

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "QUEUED", _("排队中")
        RUNNING = "RUNNING", _("处理中")
        DONE = "DONE", _("已完成")
        CANCELLED = "CANCELLED", _("已取消")
        FAILED = "FAILED", _("未成功")
        EXPIRED = "EXPIRED", _("已过期删除")
        WITHDRAWN = "WITHDRAWN", _("已提前失效")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    subject = models.UUIDField(null=True, blank=True, help_text="The learner whose old months are wanted")
    month = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    rung_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    storage_key = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the ZIP")
    sha256 = models.CharField(max_length=64, blank=True)
    key_sealed = models.BinaryField(default=b"")
    enterprise_may = ("SELECT", "INSERT", "UPDATE")
    sealed_for_enterprise = {"key_sealed": "retention"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schema_name", "kind"], condition=Q(state__in=["QUEUED", "RUNNING"]), name="one_order_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
