"""The statutory record of one enterprise: rows that only grow (clauses 四.1, 四.2)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.records.sealing.models import Leaf, TreeNode

__all__ = ["Certificate", "Leaf", "LedgerEntry", "TreeNode"]


class LedgerEntry(models.Model):
    """One fact about one learner, chained by hash to the learner's fact before it.

    ``hash`` = SHA-256(``prev`` || canonical JSON of subject, n, kind, body, at); the first ``prev`` is 32 zero bytes.
    """

    class Kind(models.TextChoices):
        """What happened."""

        STUDY_SESSION = "STUDY_SESSION", _("学习记录")
        PROOF = "PROOF", _("在场核验")
        VOID = "VOID", _("学时作废")
        CORRECTION = "CORRECTION", _("学时更正")
        EXAM = "EXAM", _("考试记录")
        CERTIFICATE = "CERTIFICATE", _("培训证明")
        SIGN_OFF = "SIGN_OFF", _("核对签名")
        CONSENT = "CONSENT", _("身份核验方式的选择")
        IDENTITY = "IDENTITY", _("身份核验")
        CLASS = "CLASS", _("线下课程")
        QUIZ = "QUIZ", _("课程测验")
        PACKAGE = "PACKAGE", _("归档与调阅")

    subject = models.UUIDField(help_text="The learner's uuid")
    n = models.PositiveIntegerField(help_text="1, 2, 3 … for each subject, without gaps")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    body = models.JSONField()
    at = models.DateTimeField()
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "n"], name="ledger_subject_n_once"),
            models.CheckConstraint(name="ledger_n_from_one", condition=Q(n__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} #{self.n} {self.kind}"


class Certificate(models.Model):
    """One training certificate: everything it says is copied into the row and signed. Never changed, never revoked.

    ``body`` is what the holder sees, ``listing`` what a stranger sees (masked name, and the fingerprint of ``body``);
    the signature is over the canonical JSON of ``listing``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    serial = models.PositiveIntegerField(unique=True, help_text="1, 2, 3 … within the enterprise, without gaps")
    number = models.CharField(max_length=40)
    code = models.CharField(max_length=32, help_text="At least 64 random bits, leads to the public page")
    subject = models.UUIDField(help_text="The learner's uuid")
    issued_for = models.UUIDField(unique=True, help_text="The assignment that was completed; one certificate each")
    body = models.JSONField()
    listing = models.JSONField()
    signature = models.CharField(max_length=100)
    key_id = models.CharField(max_length=16)
    issued_at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="certificate_number_once"),
            models.UniqueConstraint(fields=["code"], name="certificate_code_once"),
        ]
        indexes = [models.Index(fields=["subject", "issued_at"], name="certificate_subject")]

    def __str__(self) -> str:
        return self.number
