"""Signed verdicts on course versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """One reviewer's verdict on one angle of one version (clause 三.1). A later verdict is a new row."""

    class Angle(models.TextChoices):
        """The four angles of the reference conditions."""

        POLITICAL = "POLITICAL", _("政治性")
        COMPLIANCE = "COMPLIANCE", _("合规性")
        COMPLETENESS = "COMPLETENESS", _("完整性")
        FIT = "FIT", _("针对性")

    class Verdict(models.TextChoices):
        """What the reviewer says."""

        PASS = "PASS", _("通过")
        RETURN = "RETURN", _("退回修改")

    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.PROTECT, related_name="decisions")
    angle = models.CharField(max_length=14, choices=Angle.choices)
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    note = models.TextField(blank=True)
    reviewer_id = models.BigIntegerField()
    reviewer_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["version", "angle", "-at"], name="decision_latest")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.angle} {self.verdict}"
