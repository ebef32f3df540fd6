"""A learner's appeal against voided pay."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Appeal(models.Model):
    """One appeal against one void: first to the own enterprise, then, if the learner wants, to the platform. Each step once.

    ``due_at`` when the manager must have decided; ``second_until`` how long the learner may go on after a refusal; ``second_*`` what
    the platform, which holds the case under the same uuid, was told and has answered.
    """

    class State(models.TextChoices):
        """Where an appeal stands."""

        FIRST = "FIRST", _("待企业处理")
        UPHELD = "UPHELD", _("企业维持作废")
        SECOND = "SECOND", _("平台处理中")
        RESTORED = "RESTORED", _("已恢复学时")
        FINAL = "FINAL", _("平台维持作废")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    void = models.OneToOneField("learning.Void", on_delete=models.PROTECT, related_name="appeal")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FIRST)
    words = models.CharField(max_length=1000)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_by = models.CharField(max_length=80, blank=True, help_text="A reference such as manager:12")
    first_name = models.CharField(max_length=80, blank=True)
    first_reason = models.CharField(max_length=500, blank=True)
    first_at = models.DateTimeField(null=True, blank=True)
    second_until = models.DateTimeField(null=True, blank=True)
    second_words = models.CharField(max_length=1000, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    second_due_at = models.DateTimeField(null=True, blank=True)
    second_reason = models.CharField(max_length=500, blank=True)
    second_decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appeal_first_decided_with_reason",
                condition=Q(first_at=None, first_reason="") | (Q(first_at__isnull=False) & ~Q(first_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="FIRST"), name="appeal_waiting"),
            models.Index(fields=["learner", "-at"], name="appeal_of_learner"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
