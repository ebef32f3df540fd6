"""What a learner owes in proofs of presence, each check, and pay that was taken back (design LEARNING.md)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.learning.fields import SpansField


class ProofState(models.Model):
    """Where one learner stands with proofs, over all sessions; locked with each beat.

    ``unproven_ms`` is what was played for pay since the last proof, ``due_ms`` the value at which the next check is drawn: they go on
    from one session to the next, so that short sessions dodge nothing. ``must_prove``: after a miss nothing is paid before a check is
    passed. ``misses`` counts those of the day ``misses_on``; ``locked_at``: three in a day, a manager must look.
    """

    learner = models.OneToOneField("people.Learner", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, default="code", help_text="How checks are answered: face or code")
    terminal = models.CharField(max_length=64, blank=True, help_text="Where the learner was proven at opening last")
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When the learner was proven at opening there")
    proven_at = models.DateTimeField(null=True, blank=True)
    unproven_ms = models.PositiveIntegerField(default=0)
    due_ms = models.PositiveIntegerField(default=0)
    must_prove = models.BooleanField(default=False)
    misses = models.PositiveSmallIntegerField(default=0)
    misses_on = models.DateField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"learner {self.learner_id}"


class PresenceCheck(models.Model):
    """One question whether the learner is there. Only one of a learner is open; it is judged by the server alone.

    ``content`` is what is asked (code, question, answer), drawn when it is first shown, and never leaves the server as it is.
    ``evidence`` is what the answer was judged by: tries, scores, digests of frames; no pictures, no codes.
    """

    class Kind(models.TextChoices):
        """How it is answered."""

        FACE = "face", _("人脸核验")
        CODE = "code", _("验证码和知识题")

    class Outcome(models.TextChoices):
        """How it ended; open while empty."""

        OPEN = "", _("等待回答")
        PASSED = "passed", _("通过")
        MISSED = "missed", _("未通过")
        PENDING = "pending", _("等待复核")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("learning.StudySession", on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    why = models.CharField(max_length=10, help_text="due, finish (the course ends) or again (after a miss)")
    issued_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    content = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    erased_when_packed = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(outcome=""), name="one_open_check_per_learner"),
        ]
        indexes = [
            models.Index(fields=["deadline_at"], condition=Q(outcome=""), name="check_open_until"),
            models.Index(fields=["learner", "-issued_at"], name="check_of_learner"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Void(models.Model):
    """Pay of one session that was taken back, with the reason and what it rests on. The learner may appeal.

    ``spans`` of the session's courseware, ``ms`` their measure, ``days`` what each day got back: ``{"2026-11-23": ms}``.
    ``restored_ms`` what a decision gave again: at most ``ms``, less where it was earned anew meanwhile or the day is full.
    """

    class Code(models.TextChoices):
        """Why time does not count; the codes of the design, part of the statutory record."""

        BROWSING = "browsing", _("学习时浏览其他内容")
        IDENTITY_FAILED = "identity_failed", _("身份核验未通过")
        INTERACTION_TIMEOUT = "interaction_timeout", _("在场核验超时未答")
        DAILY_LIMIT = "daily_limit", _("超过当日 8 学时")
        TEST_NOT_DONE = "test_not_done", _("课程测试未完成")
        HIDDEN = "hidden", _("页面不可见")
        BLURRED = "blurred", _("页面失去焦点")
        SECOND_TERMINAL = "second_terminal", _("在另一终端学习")
        TOO_FAST = "too_fast", _("播放进度快于实际时间")
        GAP = "gap", _("学习中断")
        MANUAL = "manual", _("人工认定")

    class State(models.TextChoices):
        """Whether somebody has decided about it."""

        OPEN = "OPEN", _("未申诉或待处理")
        UPHELD = "UPHELD", _("维持作废")
        RESTORED = "RESTORED", _("已恢复")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("learning.StudySession", on_delete=models.PROTECT, related_name="voids")
    presence_check = models.ForeignKey(
        "learning.PresenceCheck", on_delete=models.PROTECT, null=True, blank=True, related_name="voids"
    )
    spans = SpansField()
    ms = models.PositiveIntegerField()
    days = models.JSONField(default=dict)
    code = models.CharField(max_length=20, choices=Code.choices)
    evidence = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.CharField(max_length=80, blank=True, help_text="A reference such as manager:12")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True)
    restored_ms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="void_restores_at_most_itself", condition=Q(restored_ms__lte=models.F("ms"))),
        ]
        indexes = [models.Index(fields=["learner", "-at"], name="void_of_learner")]

    def __str__(self) -> str:
        return str(self.uuid)
