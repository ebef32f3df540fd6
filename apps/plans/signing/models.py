"""Rows of sign-off: the signature that stands, and what a learner holds against a record."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SignOff(models.Model):
    """That a learner has checked the record of one completed training and signed it. Never changed.

    ``record`` is the fingerprint of what was read (the certificate's), ``picture`` the storage name of the sealed drawing
    (PNG), empty where the name was typed; its SHA-256 and the statement stand in the ledger too.
    """

    class Method(models.TextChoices):
        """How it was signed: both are a handwritten signature's equal (电子签名法 arts. 13, 14)."""

        DRAWN = "DRAWN", _("手写签名")
        TYPED = "TYPED", _("输入姓名并用短信确认")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.OneToOneField("plans.Assignment", on_delete=models.PROTECT, related_name="sign_off")
    method = models.CharField(max_length=5, choices=Method.choices)
    record = models.CharField(max_length=64, help_text="SHA-256 of the record that was read, in hex")
    statement = models.CharField(max_length=200)
    picture = models.CharField(max_length=200, blank=True)
    picture_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the drawing, in hex")
    entry_n = models.PositiveIntegerField(help_text="Number of the entry in the learner's chain")
    at = models.DateTimeField(db_index=True)
    append_only = True
    sealed_files = {"picture": "signature"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="drawn_has_a_picture",
                condition=Q(method="DRAWN", picture__gt="", picture_digest__gt="")
                | Q(method="TYPED", picture="", picture_digest=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.method}"


class Objection(models.Model):
    """Why a learner does not sign, in own words; a manager answers, then the learner may sign. One is open at a time."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey("plans.Assignment", on_delete=models.PROTECT, related_name="objections")
    words = models.CharField(max_length=1000)
    at = models.DateTimeField(db_index=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="The learner has signed without waiting for an answer")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_objection",
            ),
            models.CheckConstraint(
                name="answered_has_words_and_name",
                condition=Q(answered_at__isnull=True, answer="", answered_by="")
                | Q(answered_at__isnull=False, answer__gt="", answered_by__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.answered_at is None and self.withdrawn_at is None
