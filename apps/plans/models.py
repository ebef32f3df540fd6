"""Rows of training plans. What the law said and what the courses were called on that day is copied, so history stands."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.plans.certificates.models import CertificateBatch
from apps.plans.classes.models import Attendance, Blend, ClassFile, ClassTrainer, OfflineClass, Room, Seat
from apps.plans.first_steps.models import FirstSteps
from apps.plans.inspection.models import InspectionLink, InspectionPackage, InspectionVisit
from apps.plans.running.models import AssignmentRule, Exemption, PlanChange, Renewal
from apps.plans.signing.models import Objection, SignOff

__all__ = [
    "Assignment", "AssignmentRule", "Attendance", "Blend", "CertificateBatch", "ClassFile", "ClassTrainer", "CourseSelection",
    "Exemption", "FirstSteps", "InspectionLink", "InspectionPackage", "InspectionVisit", "NoticeRead", "Objection", "OfflineClass",
    "PlanChange", "PlanCourse", "Renewal", "Room", "Seat", "SignOff", "TrainingPlan",
]  # fmt: skip


class TrainingPlan(models.Model):
    """One training for many learners, made from a row of the law (`TrainingRequirement`).

    ``required_ms`` is the credit each learner must earn; with ``hours_bound`` false the law names no hours and finishing
    every course is what counts (``required_ms`` then is the length of all courses).

    ``level``: of a three-level induction, e.g. ``车间级``; its plans share ``induction``, and each asks for the one before it
    (``prerequisite``). ``renew_yearly``: who completes it gets a refresher a year later by itself.
    """

    class State(models.TextChoices):
        """Life of a plan."""

        RUNNING = "RUNNING", _("进行中")
        CLOSED = "CLOSED", _("已结束")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=80)
    requirement_id = models.BigIntegerField(help_text="Row of the law in the public schema")
    requirement_code = models.CharField(max_length=20)
    requirement_title = models.CharField(max_length=80)
    stage = models.CharField(max_length=10)
    basis = models.CharField(max_length=200)
    legal_hours = models.PositiveIntegerField(null=True, blank=True, help_text="Legal floor in credit hours that day")
    hours_bound = models.BooleanField()
    required_ms = models.PositiveBigIntegerField()
    starts_on = models.DateField(null=True, blank=True, help_text="Nothing may be studied before this day")
    due_on = models.DateField()
    newcomer_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Days that who comes in later has at least")
    in_order = models.BooleanField(default=False, db_default=False, help_text="A course opens when those before it are complete")
    prerequisite = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers")
    level = models.CharField(max_length=10, blank=True, default="", db_default="")
    induction = models.UUIDField(null=True, blank=True)
    renew_yearly = models.BooleanField(default=False, db_default=False)
    exam_needed = models.BooleanField(default=True)
    exam_topics = models.JSONField(default=list)
    exam_questions = models.PositiveSmallIntegerField(default=10)
    exam_pass_score = models.PositiveSmallIntegerField(default=80)
    exam_minutes = models.PositiveSmallIntegerField(default=30)
    exam_tries = models.PositiveSmallIntegerField(default=3)
    exam_paper = models.UUIDField(null=True, blank=True, help_text="Revision of a paper; None: drawn from the courses' topics")
    exam_policy = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="`ExamPolicy`; what is absent is as by default"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    sample = models.BooleanField(default=False, db_default=False, help_text="Made to try things with; counted nowhere")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_never_below_the_law",
                condition=Q(legal_hours__isnull=True) | Q(required_ms__gte=F("legal_hours") * 2_700_000),
            ),
            models.CheckConstraint(
                name="plan_pass_score_percent", condition=Q(exam_pass_score__gte=60, exam_pass_score__lte=100)
            ),
            models.CheckConstraint(
                name="plan_starts_before_it_ends", condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("due_on"))
            ),
            models.CheckConstraint(
                name="plan_not_its_own_prerequisite", condition=Q(prerequisite__isnull=True) | ~Q(prerequisite=F("id"))
            ),
            models.CheckConstraint(
                name="plan_closed_has_a_date",
                condition=Q(state="RUNNING", closed_at__isnull=True) | Q(state="CLOSED", closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="plan_state_due")]

    def __str__(self) -> str:
        return self.title


class PlanCourse(models.Model):
    """One course version that a plan froze when it was opened, or when the course was added (``added_at``).

    A courseware that is a quiz is marked so (``"quiz": true``) and 0 ms long.
    """

    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="courses")
    no = models.PositiveSmallIntegerField()
    version_id = models.BigIntegerField(help_text="Immutable version in the public catalogue")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    trainer = models.CharField(max_length=40)
    coursewares = models.JSONField(help_text='[{"id": 7, "title": "…", "duration_ms": 61000}] in playing order')
    duration_ms = models.PositiveIntegerField()
    added_at = models.DateTimeField(
        null=True, blank=True, help_text="Into the running plan; who had completed it keeps what it was"
    )

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "version_id"], name="plan_course_once"),
            models.UniqueConstraint(fields=["plan", "no"], name="plan_course_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"


class Assignment(models.Model):
    """One learner's duty within a plan. ``earned_ms`` is what was confirmed at the last review, for lists.

    ``required_ms`` is what the plan asked for when it was completed; None before, the plan's own counts then.
    """

    class State(models.TextChoices):
        """Life of an assignment."""

        ASSIGNED = "ASSIGNED", _("学习中")
        COMPLETED = "COMPLETED", _("已完成")
        EXEMPT = "EXEMPT", _("已免训")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="assignments")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASSIGNED)
    assigned_at = models.DateTimeField()
    due_on = models.DateField(
        null=True, blank=True, help_text="Own deadline of who came in later; the later of it and the plan's counts"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    earned_ms = models.PositiveBigIntegerField(default=0)
    required_ms = models.PositiveBigIntegerField(null=True, blank=True)
    courses_done = models.PositiveSmallIntegerField(default=0)
    exam_passed_at = models.DateTimeField(null=True, blank=True)
    exam_score = models.PositiveSmallIntegerField(null=True, blank=True)
    exam_attempt = models.UUIDField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    certificate = models.ForeignKey("records.Certificate", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "learner"], name="assigned_once_per_plan"),
            models.CheckConstraint(
                name="completed_has_date_and_certificate",
                condition=Q(state__in=["ASSIGNED", "EXEMPT"], completed_at__isnull=True, certificate__isnull=True)
                | Q(state="COMPLETED", completed_at__isnull=False, certificate__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["plan", "state"], name="assignment_plan_state")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.learner_id}"


class NoticeRead(models.Model):
    """That one manager has read a notice about a course (`public.catalogue`)."""

    notice_id = models.BigIntegerField(help_text="Notice in the public catalogue")
    manager = models.ForeignKey("people.Manager", on_delete=models.CASCADE, related_name="notices_read")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["manager", "notice_id"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.manager_id}: {self.notice_id}"


class CourseSelection(models.Model):
    """A course that this enterprise has chosen for its plans. Running plans keep their own copy, whatever is chosen later."""

    course_id = models.BigIntegerField(unique=True, help_text="Course in the public catalogue")
    version_id = models.BigIntegerField(help_text="Version that was chosen")
    added_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.course_id}: {self.version_id}"
