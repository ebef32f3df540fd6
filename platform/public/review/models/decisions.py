"""What was put before the reviewers, and what they signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Angle(models.TextChoices):
    """The four angles of the reference conditions (clause 三.1)."""

    POLITICAL = "POLITICAL", _("政治性")
    COMPLIANCE = "COMPLIANCE", _("合规性")
    COMPLETENESS = "COMPLETENESS", _("完整性")
    FIT = "FIT", _("针对性")


class Submission(models.Model):
    """The content of a version as it was put before the reviewers; the next one is compared with it.

    ``content`` is `catalogue.content`; ``digest`` its SHA-256 (64 hex digits) over canonical JSON (RFC 8785).
    """

    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="submission_number_once")]

    def __str__(self) -> str:
        return f"{self.version_id} #{self.number}"


class Decision(models.Model):
    """One reviewer's signed verdict on one angle of one submission (clause 三.1). It neither changes nor vanishes.

    ``checks`` is ``{item: "yes" | "no" | "na"}`` of ``checklist`` (name and edition). ``signature`` is Ed25519 (base64) over
    the canonical JSON of `signing.statement`, ``digest`` that statement's SHA-256. Rows from before signatures have neither.
    """

    class Verdict(models.TextChoices):
        """What the reviewer says."""

        PASS = "PASS", _("通过")
        RETURN = "RETURN", _("退回修改")

    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.PROTECT, related_name="decisions")
    submission = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="decisions")
    angle = models.CharField(max_length=14, choices=Angle.choices)
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    note = models.TextField(blank=True)
    checklist = models.CharField(max_length=40, blank=True)
    checks = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=120, blank=True)
    key_id = models.CharField(max_length=16, blank=True)
    reviewer_id = models.BigIntegerField()
    reviewer_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["version", "angle", "-at"], name="decision_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "angle"],
                condition=Q(submission__isnull=False),
                name="one_verdict_per_angle_of_a_submission",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.angle} {self.verdict}"
