"""Append-only rows of all enterprises, partitioned by month; an enterprise sees only its own (row-level security)."""

import uuid

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which object, from where, with what result (clause 五.4)."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    schema_name = models.CharField(max_length=63)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    ip = models.GenericIPAddressField(null=True)
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
