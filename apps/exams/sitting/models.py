"""Rows of sitting: one try, and everything that happened in it."""

import uuid

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """One try at one assignment's exam. ``paper`` is the whole paper as it was drawn, with the key; only the server reads it.

    While it is open the answers are its steps; ``answers`` maps a question's number (text) to the response that counted when it was
    handed in, ``points`` to what it earned. ``state`` follows from the rest, by the database. Times are the server's alone.
    ``pages``: how often the paper was opened; the newest page is the one that counts. ``check_due_at``: when the learner must
    prove next who is there (None: not again), ``proven_at``: when that was last done, None before the first question.
    """

    class State(models.TextChoices):
        """Life of a try."""

        OPEN = "OPEN", _("考试中")
        MARKING = "MARKING", _("等待阅卷")
        DONE = "DONE", _("已出成绩")

    class By(models.TextChoices):
        """Who handed a try in."""

        LEARNER = "LEARNER", _("本人交卷")
        CLOCK = "CLOCK", _("到时自动交卷")
        LEAVES = "LEAVES", _("离开次数超限，自动交卷")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey("plans.Assignment", on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="1 for the first try")
    paper = models.JSONField()
    answers = models.JSONField(default=dict)
    pass_score = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0-100")
    passed = models.BooleanField(null=True, blank=True)
    state = models.GeneratedField(
        expression=Case(
            When(submitted_at__isnull=True, then=Value("OPEN")),
            When(score__isnull=True, then=Value("MARKING")),
            default=Value("DONE"),
        ),
        output_field=models.CharField(max_length=10, choices=State.choices),
        db_persist=True,
    )
    policy = models.JSONField(default=dict, db_default={}, blank=True, help_text="`plans.ExamPolicy` as it was at the start")
    points = models.JSONField(default=dict, db_default={}, blank=True, help_text='{"1": 5}, written when the result is')
    submitted_by = models.CharField(max_length=10, choices=By.choices, blank=True, default="", db_default="")
    terminal = models.CharField(max_length=64, blank=True, default="", db_default="")
    pages = models.PositiveIntegerField(default=0, db_default=0)
    leaves = models.PositiveIntegerField(default=0, db_default=0)
    check_due_at = models.DateTimeField(null=True, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(submitted_at__isnull=True), name="one_open_attempt"),
            models.UniqueConstraint(fields=["assignment", "number"], name="attempt_number_once"),
            models.CheckConstraint(name="attempt_due_after_start", condition=Q(due_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="result_only_when_submitted",
                condition=Q(score__isnull=True, passed__isnull=True)
                | Q(submitted_at__isnull=False, score__lte=100, passed__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "started_at"], name="attempt_learner"),
            models.Index(fields=["submitted_at"], name="attempt_by_day"),
            models.Index(fields=["due_at"], condition=Q(submitted_at__isnull=True), name="attempt_open_due"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} #{self.number}"


class AttemptStep(models.Model):
    """One thing that happened in a try, in the order the server heard of it. Only grows.

    ``seq`` numbers what the browser says, rising over all pages of a try: said twice it stands once, and of two answers to one
    question the one with the higher number counts, whichever came later. ``terminal`` is the device's name.
    ``facts``: ``{"page": 2}``, ``{"by": "LEARNER", "answered": 9}``, ``{"check": "<uuid>", "method": "face"}`` …, never an answer's key.
    """

    append_only = True

    class Kind(models.TextChoices):
        """What happened."""

        STARTED = "STARTED", _("开始考试")
        OPENED = "OPENED", _("打开试卷")
        TERMINAL = "TERMINAL", _("更换终端")
        ANSWERED = "ANSWERED", _("作答")
        LEFT = "LEFT", _("离开考试页面")
        RETURNED = "RETURNED", _("回到考试页面")
        CHECK_ASKED = "CHECK_ASKED", _("要求核验身份")
        CHECK_PASSED = "CHECK_PASSED", _("身份核验通过")
        CHECK_FAILED = "CHECK_FAILED", _("身份核验未通过")
        CHECK_PENDING = "CHECK_PENDING", _("身份核验待复核")
        CHECK_MISSED = "CHECK_MISSED", _("交卷时身份核验未完成")
        SUBMITTED = "SUBMITTED", _("交卷")
        SETTLED = "SETTLED", _("出成绩")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=14, choices=Kind.choices)
    no = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Question of the paper")
    response = models.JSONField(null=True, blank=True)
    seq = models.BigIntegerField(null=True, blank=True)
    terminal = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "seq"], condition=Q(seq__isnull=False), name="attempt_step_said_once"),
            models.CheckConstraint(
                name="answers_are_numbered",
                condition=~Q(kind="ANSWERED") | Q(no__isnull=False, response__isnull=False, seq__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"
