"""Rows of notices. A notice is what somebody is told; deliveries are how it left the house."""

from __future__ import annotations

import uuid as uuid_module

from django.db import models

__all__ = ["Notice"]


class Notice(models.Model):
    """One thing that one person is told, once: ``kind`` and ``about`` together never tell the same person twice.

    ``kind`` names a template (``kinds.py``), ``context`` fills it: names, titles, numbers and dates as a person reads them, never an ID or
    mobile number. The row is itself the message in the product. ``planned_at``: deliveries over other channels have been laid out.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    learner = models.ForeignKey("people.Learner", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    manager = models.ForeignKey("people.Manager", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    about = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_one_recipient",
                condition=models.Q(learner__isnull=False, manager__isnull=True)
                | models.Q(learner__isnull=True, manager__isnull=False),
            ),
            models.UniqueConstraint(fields=["kind", "learner", "about"], name="notice_once_per_learner"),
            models.UniqueConstraint(fields=["kind", "manager", "about"], name="notice_once_per_manager"),
        ]
        indexes = [
            models.Index(fields=["learner", "-at", "-id"], name="notice_of_learner"),
            models.Index(fields=["manager", "-at", "-id"], name="notice_of_manager"),
            models.Index(fields=["learner"], name="notice_unread_learner", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["manager"], name="notice_unread_manager", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["id"], name="notice_unplanned", condition=models.Q(planned_at__isnull=True)),
            models.Index(fields=["at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"notice {self.kind} #{self.pk}"
