"""Rows of the portal. They are the platform's: no enterprise has a right to any of them; it sees its own notices through `api`."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.uploads import api as uploads


class Figures(models.Model):
    """What one enterprise did in one month (``2026-11``) or year (``2026``), counted from the feed each night and replaced while it runs.

    People are counted once within a period, so years are no sums of months.
    """

    schema_name = models.CharField(max_length=63)
    period = models.CharField(max_length=7)
    on_books = models.PositiveIntegerField()
    covered = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    effective_ms = models.BigIntegerField()
    exams = models.PositiveIntegerField()
    exams_passed = models.PositiveIntegerField()
    certificates = models.PositiveIntegerField()
    complaints = models.PositiveIntegerField()
    complaints_in_time = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "schema_name"], name="figures_once"),
            models.CheckConstraint(name="figures_period", condition=Q(period__regex=r"^\d{4}(-\d{2})?$")),
        ]
        indexes = [models.Index(fields=["schema_name", "period"], name="figures_of_enterprise")]

    def __str__(self) -> str:
        return f"{self.schema_name} {self.period}"


class Rectification(models.Model):
    """A notice of an authority to one enterprise: what was found, by which law, until when it is to be mended.

    ``regulator_id``: the account that asked; ``organisation`` and ``division_prefix``: whose notice it is, so that colleagues go on with it.
    ``stage``: what the clock has said of the present round (`watching`): 0 nothing, 1 soon, 2 overdue, 3 overdue for a week.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "ASKED", _("待整改")
        ANSWERED = "ANSWERED", _("待复核")
        AGAIN = "AGAIN", _("需再整改")
        ACCEPTED = "ACCEPTED", _("已通过")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    schema_name = models.CharField(max_length=63)
    regulator_id = models.BigIntegerField()
    organisation = models.CharField(max_length=80)
    division_prefix = models.CharField(max_length=6)
    title = models.CharField(max_length=80)
    found = models.CharField(max_length=2000)
    basis = models.CharField(max_length=300)
    due_on = models.DateField()
    round = models.PositiveSmallIntegerField(default=1, help_text="2 and more: asked again")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    stage = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True, help_text="The last answer of the present round")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rectification_closed_has_a_time",
                condition=Q(state__in=["ACCEPTED", "WITHDRAWN"], closed_at__isnull=False)
                | Q(state__in=["ASKED", "ANSWERED", "AGAIN"], closed_at=None),
            ),
            models.CheckConstraint(name="rectification_says_what", condition=~Q(found="") & ~Q(basis="") & ~Q(title="")),
            models.CheckConstraint(name="rectification_stage", condition=Q(stage__range=(0, 3))),
        ]
        indexes = [
            models.Index(fields=["schema_name", "asked_at"], name="rectification_of_enterprise"),
            models.Index(fields=["due_on"], condition=Q(state__in=["ASKED", "AGAIN"]), name="rectification_waits"),
        ]

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One step in the life of a notice; both sides read it. Rows only grow."""

    class Kind(models.TextChoices):
        """What happened."""

        ASKED = "ASKED", _("发出整改通知")
        SEEN = "SEEN", _("企业已查看")
        ATTACHED = "ATTACHED", _("上传附件")
        ANSWERED = "ANSWERED", _("提交整改情况")
        AGAIN = "AGAIN", _("要求再整改")
        ACCEPTED = "ACCEPTED", _("复核通过")
        WITHDRAWN = "WITHDRAWN", _("撤回")
        SOON = "SOON", _("即将到期提醒")
        LATE = "LATE", _("逾期")
        LATE_LONG = "LATE_LONG", _("逾期满一周")

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    actor = models.CharField(max_length=40, help_text="credential:7, manager:7 or system")
    name = models.CharField(max_length=80, blank=True, help_text="Organisation of the authority, or masked name of the manager")
    text = models.CharField(max_length=2000, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="Until when, where the step sets it")
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["rectification", "at"], name="step_of_rectification")]

    def __str__(self) -> str:
        return f"{self.rectification_id} {self.kind}"


class Attachment(uploads.Attached):
    """A checked upload with which an authority shows what it found, or an enterprise what it mended."""

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="attachments")
    by = models.CharField(max_length=40, help_text="manager:7 or credential:7")
