"""Append-only rows of all enterprises, partitioned by month; an enterprise sees only its own (row-level security)."""

import uuid

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which object, from where, with what result (clause 五.4).

    The table also has ``no`` and ``xact``, which the database writes and only sealing reads.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    schema_name = models.CharField(max_length=63)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    ip = models.GenericIPAddressField(null=True)
    result = models.CharField(max_length=8, default="DONE")
    trace = models.CharField(max_length=32, default="")
    direction = models.CharField(max_length=3, default="", help_text="IN or OUT where data were exchanged")
    details = models.JSONField(default=dict)
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        managed = False
        db_table = "audit_event"

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class Beat(models.Model):
    """One accepted beat of a study session: evidence for the credit it earned."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    schema_name = models.CharField(max_length=63)
    at = models.DateTimeField()
    session = models.UUIDField()
    seq = models.IntegerField()
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=20)
    position_ms = models.IntegerField()
    paid_ms = models.IntegerField()
    verdict = models.CharField(max_length=20)
    details = models.JSONField(default=dict)
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        managed = False
        db_table = "audit_beat"

    def __str__(self) -> str:
        return f"{self.session} #{self.seq}"


class Sealed(models.Model):
    """What one head of the log's tree holds: its first ``size`` events; the newest ``count`` of them lie after ``from`` up to ``to``.

    Events are ordered by (transaction, number). After the database was restored elsewhere transactions count anew: then ``floor_no`` says up to
    which number everything was sealed before.
    """

    size = models.PositiveBigIntegerField(primary_key=True)
    count = models.PositiveIntegerField()
    from_xact = models.BigIntegerField()
    from_no = models.BigIntegerField()
    to_xact = models.BigIntegerField()
    to_no = models.BigIntegerField()
    top_no = models.BigIntegerField(help_text="The highest number of all that is sealed")
    floor_no = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    append_only = True

    def __str__(self) -> str:
        return str(self.size)
