"""Tree heads of the enterprises' ledgers and the log over them. An enterprise adds and sees only its own (row-level security)."""

from django.db import models
from django.db.models import Q

from tenants.database.stamps import EnterpriseSchema


class LogKey(models.Model):
    """One key that signs heads. SM2 keys are made once and kept sealed; Ed25519 is derived from the platform's secret and never stored."""

    kind = models.CharField(max_length=10, choices=[("SM2", "SM2")])
    name = models.CharField(max_length=120)
    public_key = models.BinaryField(max_length=64)
    private_key = models.BinaryField(max_length=200, help_text="Sealed")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    sealed_columns = {"private_key": "log key"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(retired_at=None), name="one_log_key_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class Head(models.Model):
    """The state of one enterprise's ledger at ``at``: its first ``size`` entries and what they hash to.

    ``edge`` and ``edge_sm3`` let the tree go on (`infra.kit.merkle.Frontier`). ``note`` is the signed note as it lies outside the database.
    """

    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    edge = models.BinaryField(max_length=2048)
    edge_sm3 = models.BinaryField(max_length=2048)
    note = models.TextField()
    leaves = models.BinaryField(help_text="What the new entries hash to: for each 8 bytes of its id and 32 of its leaf")
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schema_name", "size"], name="one_head_a_size"),
            models.CheckConstraint(name="head_of_something", condition=Q(size__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.schema_name} {self.size}"


class Placed(models.Model):
    """The place of a head in the platform's log of heads."""

    index = models.PositiveBigIntegerField(primary_key=True)
    head = models.OneToOneField(Head, on_delete=models.PROTECT, related_name="placed")
    append_only = True

    def __str__(self) -> str:
        return f"{self.index}: {self.head_id}"


class LogHead(models.Model):
    """The state of the log of heads: the notes of its first ``size`` heads are its leaves."""

    size = models.PositiveBigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    edge = models.BinaryField(max_length=2048)
    note = models.TextField()
    at = models.DateTimeField()
    append_only = True

    def __str__(self) -> str:
        return str(self.size)


class Copy(models.Model):
    """A head, or one of the log, that lies in the object store too, written once. ``is_locked``: the store itself keeps it until ``kept_until``."""

    head = models.OneToOneField(Head, on_delete=models.PROTECT, null=True, blank=True, related_name="copy")
    log_head = models.OneToOneField(LogHead, on_delete=models.PROTECT, null=True, blank=True, related_name="copy")
    is_locked = models.BooleanField()
    kept_until = models.DateTimeField()
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="copy_of_one_thing",
                condition=Q(head__isnull=True, log_head__isnull=False) | Q(head__isnull=False, log_head__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.head_id or self.log_head_id)
