"""Study sessions and what each learner has watched."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.learning.fields import SpansField


class StudySession(models.Model):
    """One sitting with one courseware. Only the newest of a learner, and of a terminal, is open (clause 二.3).

    ``accepted_ms`` position up to which the server believes the player; ``furthest_ms`` the furthest it ever believed;
    ``forward_ms`` and ``playing_ms`` bound how far a session may run ahead of the clock.
    ``credited_ms`` = ``confirmed_ms`` + ``held_ms`` + the measure of ``provisional``: what was paid here and not voided. ``held_ms`` is
    proven and waits for the course's test (``holds``, exclusion rule (e)); ``provisional`` waits for the learner's next proof; ``provisional_days`` says from which days it was debited: ``{"2026-11-23": ms}``.
    ``unlocked`` the media time whose keys or pages were fetched in this session; nothing else is paid.
    ``gate_ms`` is where the film stops and asks next (point ``gate``), and beyond which nothing is accepted; None: nothing left to ask.
    ``key`` signs beats and is wiped at the end; ``last_mac`` and ``last_reply`` answer a repeated beat.
    ``score`` (0-100) and ``signals`` are advice: they make checks more frequent and never decide about pay.
    What of these figures is possible at all is one law of the database (migration 0011), for every beat pays for each law.
    """

    class CloseReason(models.TextChoices):
        """Why a session ended; part of the statutory record."""

        FINISHED = "finished", _("课件学完")
        LEFT = "left", _("离开播放页面")
        TAKEN_OVER = "taken_over", _("在另一处开始学习")
        TERMINAL_TAKEN = "terminal_taken", _("同一终端换了学员")
        IDLE = "idle", _("30 分钟没有学习")
        DAILY_LIMIT = "daily_limit", _("当日已满 8 学时")
        RECALLED = "recalled", _("课程被召回")
        LOCKED = "locked", _("当日三次未通过在场核验，已锁定")
        ARCHIVED = "archived", _("学员已归档")
        SUSPENDED = "suspended", _("企业服务已暂停")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=64)
    assignment_id = models.BigIntegerField()
    courseware_id = models.BigIntegerField(help_text="Row of the public catalogue; what must last is copied beside it")
    version_id = models.BigIntegerField()
    course_code = models.CharField(max_length=40)
    course_title = models.CharField(max_length=120)
    version_no = models.PositiveIntegerField()
    courseware_title = models.CharField(max_length=120)
    media = models.UUIDField()
    duration_ms = models.PositiveIntegerField()
    ip = models.GenericIPAddressField()
    terminal = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    seq = models.PositiveIntegerField(default=0)
    nonce = models.CharField(max_length=32)
    key = models.BinaryField()
    last_at = models.DateTimeField()
    last_state = models.CharField(max_length=10, default="opened")
    accepted_ms = models.PositiveIntegerField(default=0)
    furthest_ms = models.PositiveIntegerField(default=0)
    forward_ms = models.PositiveIntegerField(default=0)
    playing_ms = models.PositiveIntegerField(default=0)
    credited_ms = models.PositiveIntegerField(default=0)
    confirmed_ms = models.PositiveIntegerField(default=0)
    held_ms = models.PositiveIntegerField(default=0, db_default=0)
    holds = models.BooleanField(default=False, db_default=False)
    gate_ms = models.PositiveIntegerField(null=True, blank=True)
    gate = models.UUIDField(null=True, blank=True)
    provisional = SpansField(default=tuple)
    provisional_days = models.JSONField(default=dict)
    voided_ms = models.PositiveIntegerField(default=0)
    unlocked = SpansField(default=tuple)
    ends_course = models.BooleanField(default=False, help_text="All other lessons of the course were learnt when it began")
    score = models.PositiveSmallIntegerField(default=0)
    signals = models.JSONField(default=dict)
    strikes = models.PositiveIntegerField(default=0, help_text="Intervals that ran faster than the clock")
    last_mac = models.CharField(max_length=64, blank=True)
    last_reply = models.JSONField(default=dict)
    next_in = models.PositiveSmallIntegerField(help_text="Seconds until the next beat is due")
    erased_when_packed = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(closed_at=None), name="one_open_session_per_learner"),
            models.UniqueConstraint(fields=["terminal"], condition=Q(closed_at=None), name="one_open_session_per_terminal"),
        ]
        indexes = [
            models.Index(fields=["learner", "-opened_at"], name="session_of_learner"),
            models.Index(fields=["opened_at"], name="session_by_opening"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        """Whether it still earns."""
        return self.closed_at is None


class Coverage(models.Model):
    """What one learner has watched of one courseware, over all sessions. The credit is the measure of ``spans`` less ``provisional``
    and ``held``.

    ``provisional`` is the part of ``spans`` that was paid since the learner's last proof and counts for nothing yet; ``held`` the
    part that is proven and counts for nothing before the course's test is done.

    Watching a part again adds nothing, by construction (重复学习不再计入学时, clause 三.5). ``position_ms`` is where the
    next session begins (clause 二.5).
    """

    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    courseware_id = models.BigIntegerField()
    duration_ms = models.PositiveIntegerField()
    spans = SpansField(default=tuple)
    provisional = SpansField(default=tuple)
    held = SpansField(default=tuple)
    position_ms = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "courseware_id"], name="one_coverage_per_courseware"),
        ]

    def __str__(self) -> str:
        return f"learner {self.learner_id}, courseware {self.courseware_id}"
