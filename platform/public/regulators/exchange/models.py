"""Who receives records, what is on its way to whom, and what became of it. Enterprises see nothing of these tables (decision 0067)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Outgoing(models.Model):
    """A record of the feed that has not been given to the partners yet; written by a trigger in the transaction of the record itself.

    A queue, not a cursor: ids are drawn before their transactions commit, so "all above the last one seen" would lose the late ones.
    """

    record_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.record_id)


class Partner(models.Model):
    """A system of an authority that takes records of its division by one channel.

    ``code`` names it in messages; ``access_key`` names us in its requests and ours. ``their_public``: 64 bytes (`infra.kit.exchange.suites`).
    ``last_seq``: the highest number given in its sequence, which has no gaps. ``lease_until``: somebody is sending to it until then.
    ``next_…``: the pair that takes over when the partner has it; ``former_…``: what it signed with before, good until ``former_until``.
    """

    class Channel(models.TextChoices):
        """How records reach it."""

        REST = "REST", _("接口推送（JSON）")
        SOAP = "SOAP", _("WebService 推送（XML）")
        ZHEJIANG = "ZHEJIANG", _("浙江业务协同网关推送")
        FILES = "FILES", _("签名文件投递")
        PULL = "PULL", _("对方来取（REST 或 WebService）")

    class Suite(models.TextChoices):
        """Agreed algorithms."""

        SM = "SM2-SM3", _("国密：SM2、SM3、SM4")
        INTERNATIONAL = "Ed25519", _("国际：Ed25519、X25519、AES-256")
        SHARED = "HMAC-SM3", _("共享密钥：HMAC-SM3、SM4")

    class State(models.TextChoices):
        """Whether anything is sent."""

        ACTIVE = "ACTIVE", _("报送中")
        PAUSED = "PAUSED", _("已暂停")
        CLOSED = "CLOSED", _("已停用")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    division_prefix = models.CharField(max_length=6)
    kinds = models.JSONField(help_text="Kinds of records it takes")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    suite = models.CharField(max_length=10, choices=Suite.choices)
    address = models.CharField(max_length=300, blank=True, help_text="https://… or s3://bucket/folder; empty where it pulls")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    since = models.DateField(help_text="First day whose records it gets")
    access_key = models.CharField(max_length=40, unique=True)
    own_public = models.BinaryField(max_length=64, blank=True, default=b"")
    own_private = models.BinaryField(max_length=200, blank=True, default=b"", help_text="Sealed")
    their_public = models.BinaryField(max_length=64, blank=True, default=b"")
    secret = models.BinaryField(
        max_length=400, blank=True, default=b"", help_text="Sealed: what is shared, or the gateway's secret"
    )
    next_public = models.BinaryField(max_length=64, blank=True, default=b"")
    next_private = models.BinaryField(max_length=200, blank=True, default=b"", help_text="Sealed")
    former_public = models.BinaryField(max_length=64, blank=True, default=b"")
    former_secret = models.BinaryField(max_length=400, blank=True, default=b"", help_text="Sealed")
    former_until = models.DateTimeField(null=True, blank=True)
    parcel_size = models.PositiveSmallIntegerField(default=200)
    last_seq = models.BigIntegerField(default=0)
    filled_to = models.BigIntegerField(default=0, help_text="Id up to which older records were looked through")
    fill_until = models.BigIntegerField(default=0, help_text="Id at which looking through older records ends")
    held_from = models.DateField(null=True, blank=True, help_text="Of earlier days only what was not accepted is still at hand")
    failures = models.PositiveIntegerField(default=0, help_text="Calls in a row that did not arrive")
    problem = models.CharField(max_length=40, blank=True, help_text="Code of the last failure, empty after a success")
    next_at = models.DateTimeField(help_text="Not before this is it called again")
    lease_until = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True, help_text="Last answer")
    made_at = models.DateTimeField()
    sealed_columns = {
        "own_private": "exchange key",
        "next_private": "exchange key",
        "secret": "exchange secret",
        "former_secret": "exchange secret",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(name="partner_prefix", condition=Q(division_prefix__regex=r"^\d{2}(\d{2}){0,2}$")),
            models.CheckConstraint(name="partner_parcel_size", condition=Q(parcel_size__gte=1, parcel_size__lte=1000)),
            models.CheckConstraint(name="partner_reachable", condition=Q(channel="PULL") | ~Q(address="")),
        ]

    @property
    def party(self) -> str:
        """How the log of what went in and out calls it."""
        return f"authority:{self.division_prefix}/{self.code}"

    def __str__(self) -> str:
        return self.code


class Parcel(models.Model):
    """One message with records: sent until it is answered, by the same ``uuid`` each time, so that the receiver can tell a repetition."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "OPEN", _("待送达")
        DONE = "DONE", _("已送达")
        STUCK = "STUCK", _("已停止重试")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="parcels")
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    count = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    tries = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["partner", "next_at"], condition=Q(state="OPEN"), name="parcel_open"),
        ]
        constraints = [
            models.CheckConstraint(
                name="parcel_numbers", condition=Q(first_seq__gte=1, last_seq__gte=F("first_seq"), count__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.first_seq}–{self.last_seq})"


class Delivery(models.Model):
    """One record for one partner: its number in the partner's sequence, and the partner's word on it."""

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "WAITING", _("待报送")
        SENT = "SENT", _("报送中")
        ACCEPTED = "ACCEPTED", _("已接收")
        REJECTED = "REJECTED", _("被退回")
        STUCK = "STUCK", _("未送达")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="deliveries")
    seq = models.BigIntegerField()
    record = models.ForeignKey("regulators.FeedRecord", on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    kind = models.CharField(max_length=12)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    parcel = models.ForeignKey(
        Parcel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,  # without an index each parcel that is thinned would be looked for in the whole table
    )
    code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When it was sent last, or answered")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "seq"], name="delivery_number_once"),
            models.UniqueConstraint(fields=["partner", "record"], name="delivery_record_once"),
            models.CheckConstraint(name="delivery_counts_from_one", condition=Q(seq__gte=1)),
        ]
        indexes = [
            models.Index(fields=["partner", "seq"], condition=Q(state="WAITING"), name="delivery_waiting"),
            models.Index(fields=["parcel"], condition=Q(state="SENT"), name="delivery_sent"),
            models.Index(fields=["partner", "id"], condition=Q(state__in=["REJECTED", "STUCK"]), name="delivery_dead"),
            models.Index(fields=["partner", "day", "kind", "state"], name="delivery_day"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}/{self.seq}"


class DayFile(models.Model):
    """The reconciliation of one day with one partner: how many records it should have, what they hash to, and what it missed."""

    class State(models.TextChoices):
        """Where it is."""

        MADE = "MADE", _("待对账")
        EVEN = "EVEN", _("一致")
        UNEVEN = "UNEVEN", _("有缺，已补送")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    count = models.PositiveIntegerField()
    by_kind = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MADE)
    filled = models.PositiveIntegerField(default=0, help_text="Records that were never given a number and were found then")
    missing = models.PositiveIntegerField(default=0, help_text="Records that the partner said it lacks")
    tries = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "day"], name="day_file_once")]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="MADE"), name="day_file_open")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.day}"
