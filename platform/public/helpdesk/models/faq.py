"""Common questions with their answers, what search knows of them and of the manual, and what nobody could answer yet."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """For whom an answer or a chapter is written."""

    LEARNER = "LEARNER", _("学员")
    MANAGER = "MANAGER", _("企业管理人员")
    TRAINER = "TRAINER", _("培训教师")
    OPERATOR = "OPERATOR", _("平台运营")
    REGULATOR = "REGULATOR", _("监管部门")
    PUBLIC = "PUBLIC", _("社会公众")


class Article(models.Model):
    """One common question. Its words are those of the edition ``number``; ``number`` 0 is not published yet.

    ``helpful`` and ``unhelpful`` count the votes of the present edition.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(default=0)
    is_retired = models.BooleanField(default=False)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.uuid)


class Edition(models.Model):
    """The words of a question from a moment on. Rows only grow: what was answered to whom can be shown later.

    ``other_words``: other ways to ask it, one a line; they are searched and not shown. Answers are markdown. ``chapter``: the
    manual's chapter with more of it, ``learner/study``.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    audiences = models.JSONField(help_text='["LEARNER", "MANAGER"]')
    question = models.CharField(max_length=120)
    question_en = models.CharField(max_length=200, blank=True)
    answer = models.TextField(max_length=4000)
    answer_en = models.TextField(max_length=6000, blank=True)
    other_words = models.TextField(max_length=1000, blank=True)
    chapter = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text="What was changed, for colleagues")
    by = models.CharField(max_length=40, help_text="operator:7, or seed")
    name = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="help_edition_once")]

    def __str__(self) -> str:
        return f"{self.question} {self.number}"


class Vote(models.Model):
    """Whether an edition helped somebody. ``voter``: a blind index of the browser's session; one vote each. Rows only grow."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="votes")
    is_helpful = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)
    voter = models.CharField(max_length=64)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "voter"], name="help_vote_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.is_helpful}"


class Passage(models.Model):
    """What search knows of one edition (``ref``: the article's uuid) or of one section of the manual (``learner/study#hours``).

    ``edition``: of the manual the digest of its files, so that two releases may run beside each other; of an article its number.
    Made anew at any time (`passages.py`). Tokens are folded as in `words.py`, of both languages.
    """

    class Source(models.TextChoices):
        """Where it comes from."""

        FAQ = "FAQ", _("常见问题")
        MANUAL = "MANUAL", _("使用手册")

    source = models.CharField(max_length=6, choices=Source.choices)
    ref = models.CharField(max_length=80)
    edition = models.CharField(max_length=32)
    audiences = ArrayField(models.CharField(max_length=9))
    head = ArrayField(models.TextField(), help_text="Tokens of the title and of other ways to ask it")
    body = ArrayField(models.TextField(), help_text="Tokens of the text")
    sounds = ArrayField(models.TextField(), help_text="The head as it sounds")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "ref", "edition"], name="help_passage_once")]
        indexes = [
            GinIndex(fields=["head"], name="help_passage_head", fastupdate=False),
            GinIndex(fields=["body"], name="help_passage_body", fastupdate=False),
            GinIndex(fields=["sounds"], name="help_passage_sounds", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.ref}"


class Gap(models.Model):
    """A question that found no sure answer: the editor's list. ``key``: the folded question; asked again, it is counted.

    ``text`` holds no long numbers and no addresses (`scrub`). ``handed``: how many of them went on to a person.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "OPEN", _("待处理")
        ANSWERED = "ANSWERED", _("已有答案")
        DISMISSED = "DISMISSED", _("不处理")

    key = models.CharField(max_length=120, unique=True)
    text = models.CharField(max_length=200)
    audience = models.CharField(max_length=9, choices=Audience.choices)
    near = models.CharField(max_length=80, blank=True, help_text="The nearest passage, where there was one")
    count = models.PositiveIntegerField(default=1)
    handed = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    handled_by = models.BigIntegerField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-count", "-last_at"], condition=Q(state="OPEN"), name="help_gap_open")]

    def __str__(self) -> str:
        return self.text


class Tally(models.Model):
    """How many questions of one day were answered by search: surely, perhaps, not at all."""

    day = models.DateField(primary_key=True)
    sure = models.PositiveIntegerField(default=0)
    perhaps = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}"
