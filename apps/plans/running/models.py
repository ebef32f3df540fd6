"""Rows of running plans: who is brought in by rule, who is let off, what was changed, which refresher followed."""

from __future__ import annotations

import uuid as uuid_module

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

__all__ = ["AssignmentRule", "Exemption", "PlanChange", "Renewal"]


class AssignmentRule(models.Model):
    """Whom a plan takes in, now and later: whoever comes to fit is assigned by itself while the plan runs.

    ``unit`` goes with ``UNIT`` (everything below it included); ``word`` is the name of a post, the code of a hazard or a role.
    ``learner_ids`` go with ``LIST``: somebody of the list who comes back on the books is assigned again.
    """

    class Kind(models.TextChoices):
        """How people are meant; the same words as `people.Choice`."""

        ALL = "ALL", _("全部在册学员")
        UNIT = "UNIT", _("部门")
        POSITION = "POSITION", _("岗位")
        HAZARD = "HAZARD", _("岗位危险因素")
        ROLE = "ROLE", _("人员类别")
        LIST = "LIST", _("名单")

    plan = models.ForeignKey("plans.TrainingPlan", on_delete=models.PROTECT, related_name="rules")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    word = models.CharField(max_length=60, blank=True)
    learner_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    added_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "unit", "word"], name="rule_once_per_plan", nulls_distinct=False),
            models.CheckConstraint(
                name="rule_says_whom",
                condition=Q(kind="ALL")
                | Q(kind="UNIT", unit__isnull=False)
                | Q(kind="LIST")
                | (Q(kind__in=["POSITION", "HAZARD", "ROLE"]) & ~Q(word="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.kind} {self.unit_id or self.word}"


class Exemption(models.Model):
    """That one person need not do a plan: proposed by one manager with a reason, approved by another one."""

    class State(models.TextChoices):
        """Life of an exemption; only ``APPROVED`` lets off."""

        PROPOSED = "PROPOSED", _("待审批")
        APPROVED = "APPROVED", _("已批准")
        DECLINED = "DECLINED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")
        REVOKED = "REVOKED", _("已取消")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    plan = models.ForeignKey("plans.TrainingPlan", on_delete=models.PROTECT, related_name="exemptions")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="exemptions")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Withdrawn or revoked")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "learner"], name="exemption_one_open", condition=Q(state__in=["PROPOSED", "APPROVED"])
            ),
            models.CheckConstraint(
                name="exemption_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="exemption_approved_by_somebody",
                condition=~Q(state__in=["APPROVED", "DECLINED", "REVOKED"]) | Q(decided_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="exemption_waiting")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.learner_id} {self.state}"


class PlanChange(models.Model):
    """What was changed about a plan, by whom, and what it did to people; rows are only added (clause 四.2).

    ``changes``: field to ``[before, after]`` as a person reads them; ``effect``: name of a figure to number of people.
    """

    append_only = True

    plan = models.ForeignKey("plans.TrainingPlan", on_delete=models.PROTECT, related_name="changes")
    changes = models.JSONField(default=dict)
    effect = models.JSONField(default=dict)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["plan", "-id"], name="change_of_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {sorted(self.changes)}"


class Renewal(models.Model):
    """The yearly refresher for those who completed ``source`` in one month; ``plan`` is None while it could not be opened.

    ``problem``: code of the refusal that kept it from opening, "" when there is none.
    """

    source = models.ForeignKey("plans.TrainingPlan", on_delete=models.PROTECT, related_name="renewals")
    month = models.DateField(help_text="First day of the month of completion")
    plan = models.OneToOneField("plans.TrainingPlan", on_delete=models.PROTECT, null=True, blank=True, related_name="renewal_of")
    problem = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "month"], name="renewed_once_a_month"),
            models.CheckConstraint(
                name="renewal_opened_or_why_not", condition=Q(plan__isnull=False, problem="") | Q(plan__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.month}"
