"""The statutory record of one enterprise: rows that only grow (clauses 四.1, 四.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.records.archives.models import ArchivePackage
from apps.records.certificates.models import Certificate, Revocation
from apps.records.correcting.models import Correction
from apps.records.sealing.models import Leaf, TreeNode

__all__ = ["ArchivePackage", "Certificate", "Correction", "Leaf", "LedgerEntry", "Revocation", "TreeNode"]


class LedgerEntry(models.Model):
    """One fact about one learner, chained by hash to the learner's fact before it.

    ``hash`` = SHA-256(``prev`` || canonical JSON of subject, n, kind, body, at); the first ``prev`` is 32 zero bytes.
    """

    class Kind(models.TextChoices):
        """What happened."""

        REGISTRATION = "REGISTRATION", _("学员登记")
        STUDY_SESSION = "STUDY_SESSION", _("学习记录")
        PROOF = "PROOF", _("在场核验")
        VOID = "VOID", _("学时作废")
        CORRECTION = "CORRECTION", _("记录更正")
        EXAM = "EXAM", _("考试记录")
        CERTIFICATE = "CERTIFICATE", _("培训证明")
        SIGN_OFF = "SIGN_OFF", _("核对签名")
        CONSENT = "CONSENT", _("身份核验方式的选择")
        IDENTITY = "IDENTITY", _("身份核验")
        CLASS = "CLASS", _("线下课程")
        QUIZ = "QUIZ", _("课程测验")
        KEY = "KEY", _("加密密钥")
        RENEWAL = "RENEWAL", _("证明续期")
        REVOCATION = "REVOCATION", _("证明撤销")
        REQUEST = "REQUEST", _("个人信息请求")
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
