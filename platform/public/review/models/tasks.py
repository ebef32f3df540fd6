"""Who reviews what by when, and the rules for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.review.models.decisions import Angle, Decision, Submission


class ReviewPolicy(models.Model):
    """The rules of the review as a dated row: the newest one holds, older ones say what held before and who changed it."""

    sla_working_days = models.PositiveSmallIntegerField(default=3, help_text="Working days for one angle")
    one_angle_each = models.BooleanField(default=True, help_text="A reviewer decides at most one angle of a version")
    rereview_lead_days = models.PositiveSmallIntegerField(default=30, help_text="Days before the due date")
    law_working_days = models.PositiveSmallIntegerField(default=5, help_text="Working days for a re-review after a law change")
    by_id = models.BigIntegerField(null=True, help_text="Credential of whoever set it; empty: the product's own")
    by_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="policy_leaves_time",
                condition=Q(sla_working_days__range=(1, 60), law_working_days__range=(1, 60), rereview_lead_days__range=(1, 180)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class ReviewTask(models.Model):
    """One angle of one submission, waiting for one reviewer until ``due_at``."""

    class State(models.TextChoices):
        """Progress."""

        OPEN = "OPEN", _("待领取")
        CLAIMED = "CLAIMED", _("审核中")
        DONE = "DONE", _("已完成")
        WITHDRAWN = "WITHDRAWN", _("已撤回")
        """Another angle returned the version first."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="tasks")
    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.PROTECT, related_name="review_tasks")
    angle = models.CharField(max_length=14, choices=Angle.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    assignee_id = models.BigIntegerField(null=True, blank=True, help_text="Credential; empty: whoever comes first")
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="task")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "angle"], name="one_task_per_angle"),
            models.CheckConstraint(
                name="a_done_task_has_its_verdict",
                condition=Q(state="DONE", decision__isnull=False, done_at__isnull=False)
                | (~Q(state="DONE") & Q(decision__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_claimed_task_has_somebody", condition=~Q(state="CLAIMED") | Q(assignee_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["assignee_id", "due_at"], condition=Q(state__in=["OPEN", "CLAIMED"]), name="review_task_open"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.angle} {self.state}"
