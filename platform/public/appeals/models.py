"""A case in second instance: a copy of what the decision needs and nothing else of the enterprise."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.database.stamps import EnterpriseSchema


class Case(models.Model):
    """One appeal against one void. Written by the enterprise once, decided by the platform once; the enterprise cannot change it.

    ``learner`` is the masked name. ``evidence`` is the void's, ``words`` the learner's, ``first_reason`` the manager's (empty: the
    manager let the deadline pass). ``told_at`` when the enterprise has carried the decision out.
    """

    class State(models.TextChoices):
        """Where a case stands."""

        OPEN = "OPEN", _("待裁定")
        RESTORED = "RESTORED", _("恢复学时")
        UPHELD = "UPHELD", _("维持作废")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    session = models.UUIDField()
    session_opened_at = models.DateTimeField()
    learner = models.CharField(max_length=80)
    course = models.CharField(max_length=120)
    lesson = models.CharField(max_length=120)
    duration_ms = models.PositiveIntegerField()
    void_code = models.CharField(max_length=20)
    void_reason = models.CharField(max_length=60, help_text="The reason in words, as the learner was told")
    void_ms = models.PositiveIntegerField()
    void_at = models.DateTimeField()
    evidence = models.JSONField(default=dict)
    words = models.CharField(max_length=1000)
    first_reason = models.CharField(max_length=500, blank=True)
    first_at = models.DateTimeField(null=True, blank=True)
    second_words = models.CharField(max_length=1000, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, help_text="A reference such as operator:7")
    decided_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_decided_with_reason",
                condition=Q(state="OPEN", decided_at=None, reason="")
                | (Q(decided_at__isnull=False) & ~Q(reason="") & ~Q(state="OPEN")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="OPEN"), name="case_open"),
            models.Index(fields=["decided_at"], condition=Q(told_at=None), name="case_untold"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
