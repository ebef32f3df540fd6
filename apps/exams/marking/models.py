"""Rows of marking. A result that was told is never overwritten: corrections are entries of their own (clause 四.2)."""

from __future__ import annotations

import uuid as uuid_module

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

__all__ = ["MarkTask", "MarkingRule", "ScoreAppeal", "ScoreChange", "ScoreEntry", "ScoreProposal"]


class MarkingRule(models.Model):
    """How long things may take, as a dated row: the newest that is in force holds, older ones say what held before and who changed it.

    Without any row `rules.FIRST` holds.
    """

    append_only = True

    valid_from = models.DateField()
    appeal_days = models.PositiveSmallIntegerField(help_text="Days after the result within which it may be appealed")
    decide_days = models.PositiveSmallIntegerField(help_text="Working days for the answer to an appeal")
    mark_days = models.PositiveSmallIntegerField(help_text="Working days for marking a written answer")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="marking_rule_leaves_time",
                condition=Q(appeal_days__range=(3, 90), decide_days__range=(1, 20), mark_days__range=(1, 20)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"


class MarkTask(models.Model):
    """One written answer that a person must mark. ``points`` is None while it waits; marked, it is never marked again.

    ``question``: of which version; ``text`` is in the attempt. ``claimed_by`` marks it until ``claimed_until``, nobody else meanwhile.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey("exams.Attempt", on_delete=models.PROTECT, related_name="mark_tasks")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    no = models.PositiveSmallIntegerField(help_text="Number of the question on the paper")
    bank = models.CharField(max_length=10)
    question = models.CharField(max_length=40, help_text="uuid of the question, or code of one of an old paper")
    version = models.PositiveIntegerField(default=1)
    part = models.PositiveSmallIntegerField(default=0, help_text="Which question of a case, 0 for none")
    stem = models.CharField(max_length=200, help_text="The first words, for the list")
    most = models.PositiveSmallIntegerField(help_text="Points that a perfect answer gets")
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    marked_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    marked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "no"], name="mark_task_once"),
            models.CheckConstraint(
                name="mark_task_marked_by_somebody",
                condition=Q(points=None, marked_by=None, marked_at=None)
                | Q(points__isnull=False, marked_by__isnull=False, marked_at__isnull=False, points__lte=F("most")),
            ),
        ]
        indexes = [
            models.Index(fields=["question", "version", "part", "due_at"], condition=Q(points=None), name="mark_task_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} #{self.no}"


class ScoreAppeal(models.Model):
    """A learner's doubt about a result: about one question (``no``) or the whole of it; each once, answered once with a reason."""

    class State(models.TextChoices):
        """Where an appeal stands."""

        WAITING = "WAITING", _("待处理")
        GRANTED = "GRANTED", _("同意，已提出改分")
        UPHELD = "UPHELD", _("维持原成绩")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey("exams.Attempt", on_delete=models.PROTECT, related_name="score_appeals")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    no = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Number of the question; empty: the whole result")
    words = models.CharField(max_length=1000)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "no"], name="score_appealed_once", nulls_distinct=False),
            models.CheckConstraint(
                name="score_appeal_decided_with_reason",
                condition=Q(state="WAITING", decided_by=None, decided_at=None, reason="")
                | (~Q(state="WAITING") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="WAITING"), name="score_appeal_waiting"),
            models.Index(fields=["learner", "-at"], name="score_appeal_of_learner"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class ScoreProposal(models.Model):
    """Other points for one try, or a question marked anew in all tries that had it: one person proposes, a second one decides.

    ``effect`` is what it does, counted when it was proposed (`rules.Effect`). ``mode`` and ``answer`` say how a question is marked anew:
    see `rules.Mode`; ``answer`` holds texts of options, for letters differ from paper to paper.
    """

    class Kind(models.TextChoices):
        """What is proposed."""

        POINTS = "POINTS", _("一份试卷改分")
        QUESTION = "QUESTION", _("错题重判")

    class State(models.TextChoices):
        """Life of a proposal."""

        PROPOSED = "PROPOSED", _("待复核")
        APPROVED = "APPROVED", _("已批准")
        DECLINED = "DECLINED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(max_length=500)
    effect = models.JSONField(default=dict)
    bank = models.CharField(max_length=10, blank=True)
    question = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    part = models.PositiveSmallIntegerField(default=0)
    stem = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=10, blank=True)
    answer = models.JSONField(default=list)
    only_up = models.BooleanField(default=True, help_text="Nobody's points become fewer")
    appeal = models.ForeignKey(ScoreAppeal, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    proposed_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="Of who decided")
    done_at = models.DateTimeField(null=True, blank=True, help_text="When the last try was corrected")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="score_decided_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="score_approved_by_somebody",
                condition=~Q(state__in=["APPROVED", "DECLINED"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(name="score_proposed_with_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=["bank", "question", "version", "part"],
                name="question_in_doubt_once",
                condition=Q(kind="QUESTION", state="PROPOSED"),
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="score_proposal_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class ScoreChange(models.Model):
    """What a proposal does to one try: its points before and after. ``applied_at``: when it was carried out.

    ``points``: number of the question to ``[before, after]``; ``left_out``: numbers that no longer count.
    """

    proposal = models.ForeignKey(ScoreProposal, on_delete=models.PROTECT, related_name="changes")
    attempt = models.ForeignKey("exams.Attempt", on_delete=models.PROTECT, related_name="+")
    points = models.JSONField()
    left_out = models.JSONField(default=list)
    before_score = models.PositiveSmallIntegerField()
    before_passed = models.BooleanField()
    after_score = models.PositiveSmallIntegerField()
    after_passed = models.BooleanField()
    applied_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=30, blank=True, help_text="Why it could not be carried out: code of the refusal")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "attempt"], name="score_change_once")]
        indexes = [models.Index(fields=["proposal", "id"], condition=Q(applied_at=None), name="score_change_to_do")]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.attempt_id} {self.before_score} -> {self.after_score}"


class ScoreEntry(models.Model):
    """A corrected result of one try; the newest holds, the first result stays in the attempt. Rows only grow.

    ``points``: every question whose points differ from the first result, ``{"3": 5}``; ``left_out``: numbers that do not count.
    """

    append_only = True

    attempt = models.ForeignKey("exams.Attempt", on_delete=models.PROTECT, related_name="score_entries")
    n = models.PositiveSmallIntegerField(help_text="1 for the first correction")
    points = models.JSONField()
    left_out = models.JSONField(default=list)
    before_score = models.PositiveSmallIntegerField()
    before_passed = models.BooleanField()
    score = models.PositiveSmallIntegerField(help_text="0-100")
    passed = models.BooleanField()
    proposal = models.ForeignKey(ScoreProposal, on_delete=models.PROTECT, related_name="entries")
    reason = models.CharField(max_length=500)
    proposed_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "n"], name="score_entry_number_once"),
            models.UniqueConstraint(fields=["attempt", "proposal"], name="score_entry_once_per_proposal"),
            models.CheckConstraint(name="score_entry_percent", condition=Q(score__lte=100, n__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} #{self.n} {self.score}"
