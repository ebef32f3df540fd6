"""Rows of offline training: own trainers, rooms, classes (一期一档), seats, attendance, files."""

from __future__ import annotations

import uuid as uuid_module
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

__all__ = ["Attendance", "Blend", "ClassFile", "ClassTrainer", "OfflineClass", "Room", "Seat"]


class ClassTrainer(models.Model):
    """Somebody who teaches for the enterprise, its own or from outside (AQ 8011-2023 keeps a file of each). Archived, never deleted.

    ``manager`` is the sign-in of a trainer who may run the own classes.
    """

    class Origin(models.TextChoices):
        """Whose the trainer is."""

        OWN = "OWN", _("本企业")
        OUTSIDE = "OUTSIDE", _("外聘")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.OWN)
    employer = models.CharField(max_length=60, blank=True)
    qualification = models.CharField(max_length=120)
    expires_on = models.DateField(null=True, blank=True, help_text="Last day of the qualification; None: without an end")
    manager = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manager"], condition=Q(archived_at=None), name="class_trainer_signs_in_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_valid_on(self, day: date) -> bool:
        """Whether the qualification still holds on a day."""
        return self.expires_on is None or day <= self.expires_on


class Room(models.Model):
    """A place where people are taught. Archived, never deleted."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40, unique=True)
    place = models.CharField(max_length=120, blank=True)
    seats = models.PositiveSmallIntegerField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="room_has_a_seat", condition=Q(seats__gte=1))]

    def __str__(self) -> str:
        return self.name


class Blend(models.Model):
    """How much of a plan's hours is to be earned in classes; a plan without a row names no such part."""

    plan = models.OneToOneField("plans.TrainingPlan", on_delete=models.PROTECT, related_name="blend")
    offline_ms = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="blend_has_hours", condition=Q(offline_ms__gt=0))]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.offline_ms}"


class OfflineClass(models.Model):
    """One class held in a room for learners of a plan. Its hours count only once a second person has confirmed it.

    ``credit_ms`` is the most that one learner can earn in it; ``number`` the 期号, e.g. ``2026-003``.
    """

    class State(models.TextChoices):
        """Life of a class; whether it has begun or ended the clock says."""

        PLANNED = "PLANNED", _("已安排")
        SUBMITTED = "SUBMITTED", _("待确认")
        CONFIRMED = "CONFIRMED", _("已确认")
        CANCELLED = "CANCELLED", _("已取消")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=12, unique=True)
    plan = models.ForeignKey("plans.TrainingPlan", on_delete=models.PROTECT, related_name="classes")
    topic = models.CharField(max_length=80)
    content = models.TextField(max_length=2000)
    trainer = models.ForeignKey(ClassTrainer, on_delete=models.PROTECT, related_name="classes")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="classes")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    credit_ms = models.PositiveIntegerField()
    exam_needed = models.BooleanField(default=False, help_text="Whether those who attend are examined on it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    summary = models.TextField(max_length=2000, blank=True, default="", db_default="")
    cost_yuan = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    created_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="class_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="class_counts_something", condition=Q(credit_ms__gt=0)),
            models.CheckConstraint(
                name="class_confirmed_by_a_second_person",
                condition=~Q(state="CONFIRMED")
                | (Q(confirmed_at__isnull=False, submitted_by__isnull=False) & ~Q(confirmed_by=F("submitted_by"))),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="class_state_start"),
            models.Index(fields=["trainer", "starts_at"], name="class_trainer_start"),
            models.Index(fields=["room", "starts_at"], name="class_room_start"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"


class Seat(models.Model):
    """One learner in one class, with what came of it once the class was confirmed; the ledger holds the entries behind it.

    ``present_ms`` time between signing in and out, within the class; ``overlap_ms`` of it was studied online at the same
    time and counts there; ``credit_ms`` is what counts here, after the class's hours and the person's day.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    klass = models.ForeignKey(OfflineClass, on_delete=models.PROTECT, related_name="seats")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    present_ms = models.PositiveIntegerField(default=0)
    overlap_ms = models.PositiveIntegerField(default=0)
    credit_ms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["klass", "learner"], name="seated_once"),
            models.CheckConstraint(name="seat_credit_within_presence", condition=Q(credit_ms__lte=F("present_ms"))),
        ]

    def __str__(self) -> str:
        return f"{self.klass_id}: {self.learner_id}"


class Attendance(models.Model):
    """One thing that says when somebody was there; rows are only added (clause 四.2).

    ``IN`` and ``OUT`` are signed by the learner's own phone with the code on the trainer's screen, ``at`` the server's time.
    ``MARK`` and ``CORRECTION`` are written by a manager and replace what stood before: there from ``since`` until ``until``,
    or absent where both are None.
    """

    append_only = True

    class Kind(models.TextChoices):
        """How it is known."""

        IN = "IN", _("扫码签到")
        OUT = "OUT", _("扫码签退")
        MARK = "MARK", _("教师登记")
        CORRECTION = "CORRECTION", _("确认后更正")

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attendance")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    terminal = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attendance_by_somebody_for_a_reason",
                condition=Q(kind__in=["IN", "OUT"], by__isnull=True, since__isnull=True, until__isnull=True)
                | (Q(kind__in=["MARK", "CORRECTION"], by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="attendance_span_is_whole",
                condition=Q(since__isnull=True, until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["seat", "id"], name="attendance_of_seat")]

    def __str__(self) -> str:
        return f"{self.kind} {self.seat_id}"


class ClassFile(models.Model):
    """A file of a class or a trainer: sealed in the enterprise's part of the object store, for sheets carry signatures."""

    class Kind(models.TextChoices):
        """What the file shows."""

        SHEET = "SHEET", _("签到表")
        PHOTO = "PHOTO", _("现场照片")
        MATERIAL = "MATERIAL", _("教材课件")
        OTHER = "OTHER", _("其他")
        CERTIFICATE = "CERTIFICATE", _("教师资格证书")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    klass = models.ForeignKey(OfflineClass, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    trainer = models.ForeignKey(ClassTrainer, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    file_name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200)
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    sealed_files = {"storage_key": "class-file"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="class_file_of_one_owner",
                condition=Q(klass__isnull=False, trainer__isnull=True) | Q(klass__isnull=True, trainer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
