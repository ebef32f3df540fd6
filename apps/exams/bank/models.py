"""Rows of the enterprise's own banks."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from public.questions.api import KINDS

__all__ = ["Bank", "BankImport", "ImportLine", "Question", "QuestionVersion"]


class Bank(models.Model):
    """A named set of questions. Archived, never deleted; ``topic`` is what its questions belong to that say nothing else."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=60)
    about = models.CharField(max_length=300, blank=True)
    topic = models.CharField(max_length=40)
    created_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title"], condition=Q(archived_at=None), name="bank_title_once")]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question through all its versions; the columns repeat its newest one (``version``) for searching and drawing.

    ``words`` are its letters alone (`public.questions.api.words`), ``cites`` the articles it names as ``law|article``
    (``law|`` for a whole law), ``items`` how many questions it becomes on a paper.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="questions")
    code = models.CharField(max_length=40, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    topic = models.CharField(max_length=40)
    points = models.JSONField(default=list)
    difficulty = models.PositiveSmallIntegerField()
    stem = models.TextField()
    basis = models.TextField(blank=True)
    cites = models.JSONField(default=list)
    items = models.PositiveSmallIntegerField(default=1)
    words = models.TextField()
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="own_question_difficulty", condition=Q(difficulty__gte=1, difficulty__lte=5)),
            models.CheckConstraint(name="own_question_changed_later", condition=Q(changed_at__gte=F("created_at"))),
        ]
        indexes = [
            models.Index(fields=["bank", "archived_at"], name="own_question_bank"),
            models.Index(fields=["topic"], condition=Q(archived_at=None), name="own_question_topic"),
            models.Index(fields=["fingerprint"], name="own_question_print"),
        ]

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """What a question said from ``at`` on; never changed, for papers and attempts name it. ``content`` as in `public.questions`."""

    append_only = True

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    note = models.CharField(max_length=200, blank=True, help_text="Why there is this version")
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="own_question_version_once")]

    def __str__(self) -> str:
        return f"{self.question_id} V{self.number}"


class BankImport(models.Model):
    """A file of questions between upload and commit. ``strays``: ``{"line", "code", …}`` of what belongs to no question.

    Large ones are read and written by a worker (`queueing.py`): ``storage_key`` names the file until it is read, ``asked`` says how it
    shall be written (``{"whole": true, "by": 7, "since": "…"}``), ``problem`` what the worker refused, in words.
    """

    class State(models.TextChoices):
        """Life of an import."""

        READING = "READING", _("正在读取")
        READY = "READY", _("待确认")
        WRITING = "WRITING", _("正在导入")
        DONE = "DONE", _("已导入")
        GIVEN_UP = "GIVEN_UP", _("已放弃")
        FAILED = "FAILED", _("无法读取")

    AT_WORK = (State.READING, State.WRITING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    strays = models.JSONField(default=list)
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    storage_key = models.CharField(max_length=200, blank=True, default="", db_default="")
    asked = models.JSONField(default=dict, db_default={}, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="", db_default="")
    rung_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bank_import_ends",
                condition=Q(state__in=["READING", "READY", "WRITING"], ended_at=None)
                | (~Q(state__in=["READING", "READY", "WRITING"]) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportLine(models.Model):
    """One question of an import; removed when the import ends.

    ``outcome`` is what becomes of it at the commit; ``twin`` says which question it repeats: ``{"bank", "code", "ref", "stem"}``, or
    ``{"line"}`` of the same file (``{"line", "code"}``: under the same code). ``kept``: a manager wants it in although it repeats another; ``dropped``: to be left out.
    """

    class Outcome(models.TextChoices):
        """What becomes of a line."""

        WRONG = "WRONG", _("有错")
        TWIN = "TWIN", _("重复")
        NEW = "NEW", _("新增")
        UPDATE = "UPDATE", _("更新")
        SAME = "SAME", _("没有变化")
        DROPPED = "DROPPED", _("已移除")

    job = models.ForeignKey(BankImport, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveIntegerField(help_text="Order in the file, from 1")
    line = models.PositiveIntegerField(help_text="Row or line as its reader shows it")
    sheet = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)
    content = models.JSONField()
    remarks = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    twin = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    is_wrong = models.BooleanField(default=False)
    is_same = models.BooleanField(default=False, help_text="The question under this code says it already")
    kept = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "place"], name="import_line_once")]
        indexes = [models.Index(fields=["job", "outcome"], name="import_line_outcome")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.place}"
