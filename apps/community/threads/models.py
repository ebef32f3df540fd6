"""Rows of questions and answers. Names and words of persons stay here, in the enterprise's schema."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LEARNER, MANAGER = "people.Learner", "people.Manager"


class TalkRule(models.Model):
    """How the enterprise answers, as a dated row: the newest one holds. Without any `rules.DEFAULT` does."""

    answer_days = models.PositiveSmallIntegerField(help_text="Working days until a question must be answered")
    edit_minutes = models.PositiveSmallIntegerField(help_text="How long one's own words may be changed")
    per_hour = models.PositiveSmallIntegerField(help_text="Questions and follow-ups of one learner in an hour")
    names_shown = models.BooleanField(default=False, help_text="Other learners see who asked")
    by = models.ForeignKey(MANAGER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    append_only = True

    class Meta:
        db_table = "community_talk_rule"
        constraints = [
            models.CheckConstraint(
                name="talk_rule_in_bounds",
                condition=Q(answer_days__range=(1, 30), edit_minutes__range=(0, 1440), per_hour__range=(1, 100)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class BannedWord(models.Model):
    """A word that this enterprise does not want in questions and answers, besides those of `banned.txt`."""

    word = models.CharField(max_length=30, unique=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "community_banned_word"

    def __str__(self) -> str:
        return self.word


class Canned(models.Model):
    """An answer that managers give again and again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=60)
    words = models.CharField(max_length=2000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Hideable(models.Model):
    """What may be hidden with a reason, and shown again."""

    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    hidden_by = models.ForeignKey(MANAGER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Thread(Hideable):
    """One question of one learner about a course, copied place included. ``due_at``: by when somebody must answer.

    ``tokens`` are of the question (what is suggested while another learner types), ``said`` also of what was answered (search).
    ``first_late``: None until the first answer, then whether it came after ``due_at``.
    """

    class State(models.TextChoices):
        """Where a question stands."""

        OPEN = "OPEN", _("待解答")
        ANSWERED = "ANSWERED", _("已解答")
        CLOSED = "CLOSED", _("已关闭")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(LEARNER, on_delete=models.PROTECT, related_name="+")
    version_id = models.BigIntegerField()
    course_code = models.CharField(max_length=40)
    course_title = models.CharField(max_length=120)
    courseware_id = models.BigIntegerField(null=True, blank=True)
    lesson_title = models.CharField(max_length=120, blank=True)
    at_ms = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(max_length=1000)
    picture = models.CharField(max_length=200, blank=True, help_text="Name in the object store")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    first_answer_at = models.DateTimeField(null=True, blank=True)
    first_late = models.BooleanField(null=True, blank=True)
    claimed_by = models.ForeignKey(MANAGER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    votes = models.PositiveIntegerField(default=0)
    tokens = ArrayField(models.CharField(max_length=40), default=list)
    said = ArrayField(models.CharField(max_length=40), default=list)
    sealed_files = {"picture": "talk-picture"}

    class Meta:
        indexes = [
            models.Index(fields=["course_code", "-asked_at"], name="thread_of_course"),
            models.Index(fields=["learner", "-asked_at"], name="thread_of_learner"),
            models.Index(fields=["due_at"], condition=Q(state="OPEN"), name="thread_waiting"),
            models.Index(fields=["-asked_at", "-id"], name="thread_newest"),
            GinIndex(fields=["said"], name="thread_said"),
        ]
        constraints = [
            models.CheckConstraint(name="thread_one_place", condition=Q(at_ms=None) | Q(page=None)),
            models.CheckConstraint(
                name="thread_place_in_a_lesson", condition=Q(at_ms=None, page=None) | Q(courseware_id__isnull=False)
            ),
            models.CheckConstraint(name="thread_hidden_with_reason", condition=Q(hidden_at=None) | ~Q(hidden_reason="")),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Post(Hideable):
    """What was said after a question: answers of managers and the platform, follow-ups of who asked.

    An answer with neither learner nor manager is the platform's.
    """

    class Kind(models.TextChoices):
        """Who speaks."""

        ANSWER = "ANSWER", _("解答")
        FOLLOW_UP = "FOLLOW_UP", _("追问")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    learner = models.ForeignKey(LEARNER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    manager = models.ForeignKey(MANAGER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=2000)
    picture = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    is_best = models.BooleanField(default=False)
    sealed_files = {"picture": "talk-picture"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread"], condition=Q(is_best=True), name="one_best_answer"),
            models.CheckConstraint(
                name="post_by_one",
                condition=Q(kind="FOLLOW_UP", learner__isnull=False, manager=None, is_best=False)
                | Q(kind="ANSWER", learner=None),
            ),
            models.CheckConstraint(name="post_hidden_with_reason", condition=Q(hidden_at=None) | ~Q(hidden_reason="")),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Vote(models.Model):
    """Somebody else has this question too, and is told when it is answered."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="voters")
    learner = models.ForeignKey(LEARNER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "learner"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.thread_id} #{self.learner_id}"


class Report(models.Model):
    """A learner says that something should not stand here; ``post`` None: the question itself."""

    class Reason(models.TextChoices):
        """Why."""

        PRIVACY = "PRIVACY", _("泄露个人信息")
        ABUSE = "ABUSE", _("辱骂、攻击他人")
        AD = "AD", _("广告或无关内容")
        WRONG = "WRONG", _("内容有错误，可能造成危险")

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="reports")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    learner = models.ForeignKey(LEARNER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(MANAGER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "post", "learner"], nulls_distinct=False, name="report_once"),
        ]
        indexes = [models.Index(fields=["thread"], condition=Q(settled_at=None), name="report_open")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.reason}"


class Sent(models.Model):
    """What a manager has sent to the platform, and what became of it. ``uuid`` is the proposal's; only this row joins it to the thread."""

    class State(models.TextChoices):
        """As `public.answers.Proposal.State`."""

        OPEN = "OPEN", _("等待平台处理")
        PUBLISHED = "PUBLISHED", _("已向所有企业公开")
        ANSWERED = "ANSWERED", _("平台已解答")
        REFUSED = "REFUSED", _("平台未采用")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="sent")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="sent")
    question = models.CharField(max_length=1000)
    answer = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(MANAGER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "kind", "post"],
                condition=Q(state__in=["OPEN", "PUBLISHED"]),
                nulls_distinct=False,
                name="sent_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)
