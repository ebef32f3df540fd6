"""Published versions that are judged again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.review.models.laws import LawArticle


class ReReview(models.Model):
    """One published version to be judged again by ``due_on``: its cycle is over, or the law it names has changed.

    Signed like a `Decision`; a closed one never changes.
    """

    class Reason(models.TextChoices):
        """Why."""

        PERIODIC = "PERIODIC", _("定期复审")
        LAW = "LAW", _("法规变化")

    class State(models.TextChoices):
        """Whether somebody has judged."""

        OPEN = "OPEN", _("待复审")
        DONE = "DONE", _("已复审")
        OBSOLETE = "OBSOLETE", _("已不适用")
        """The version was retired, recalled or replaced before."""

    class Outcome(models.TextChoices):
        """What the reviewer says."""

        CONFIRM = "CONFIRM", _("继续有效")
        CHANGE = "CHANGE", _("需要新版本")
        RETIRE = "RETIRE", _("建议下架")

    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.PROTECT, related_name="rereviews")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    article = models.ForeignKey(LawArticle, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    assignee_id = models.BigIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    checklist = models.CharField(max_length=40, blank=True)
    checks = models.JSONField(default=dict)
    content = models.JSONField(null=True, blank=True, help_text="What was judged")
    digest = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=120, blank=True)
    key_id = models.CharField(max_length=16, blank=True)
    reviewer_id = models.BigIntegerField(null=True, blank=True)
    reviewer_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(state="OPEN"), name="one_open_rereview"),
            models.CheckConstraint(
                name="a_done_rereview_is_signed", condition=~Q(state="DONE") | (~Q(signature="") & ~Q(outcome=""))
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="OPEN"), name="rereview_open")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.reason} {self.state}"
