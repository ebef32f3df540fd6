"""What enterprises bring, and what of it everybody may read. No row names a learner; only `Proposal` knows an enterprise."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _


class EnterpriseSchema(Func):
    """The schema of the database role that runs the statement; stamped by the database, not by the application."""

    function = "enterprise_schema"
    output_field = models.CharField()


class Shared(models.Model):
    """A question with its answer for everybody who has the course. Nothing in the row leads back to an enterprise.

    ``at_ms``: place in a film, ``page``: in a document; both None: about the lesson or the course as a whole.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course_code = models.CharField(max_length=40)
    course_title = models.CharField(max_length=120)
    lesson_title = models.CharField(max_length=120, blank=True)
    at_ms = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    question = models.CharField(max_length=1000)
    answer = models.CharField(max_length=2000)
    tokens = ArrayField(models.CharField(max_length=40), default=list)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        indexes = [
            models.Index(fields=["course_code", "-published_at"], condition=Q(withdrawn_at=None), name="shared_of_course"),
            GinIndex(fields=["tokens"], name="shared_tokens"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Proposal(models.Model):
    """What an enterprise brought, once: an answer for all, or a question for the course's author. Decided by the platform once.

    ``question`` and ``answer`` are what a manager made of them without persons and enterprise. ``schema_name`` is for the operator's
    audit and for telling the enterprise. ``told_at`` when the enterprise has taken the decision in.
    """

    class Kind(models.TextChoices):
        """What is asked of the platform."""

        SHARE = "SHARE", _("推荐公开")
        ASK = "ASK", _("请平台解答")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "OPEN", _("待处理")
        PUBLISHED = "PUBLISHED", _("已公开")
        ANSWERED = "ANSWERED", _("已解答")
        REFUSED = "REFUSED", _("未采用")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    kind = models.CharField(max_length=10, choices=Kind.choices)
    version_id = models.BigIntegerField(help_text="Version that was learnt; who wrote it may answer")
    course_code = models.CharField(max_length=40)
    course_title = models.CharField(max_length=120)
    lesson_title = models.CharField(max_length=120, blank=True)
    at_ms = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    question = models.CharField(max_length=1000)
    answer = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, help_text="A reference such as operator:7")
    decided_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    shared = models.OneToOneField(Shared, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_decided_once",
                condition=Q(state="OPEN", decided_at=None, shared=None) | (Q(decided_at__isnull=False) & ~Q(state="OPEN")),
            ),
            models.CheckConstraint(name="published_is_shared", condition=~Q(state="PUBLISHED") | Q(shared__isnull=False)),
            models.CheckConstraint(name="refused_with_reason", condition=~Q(state="REFUSED") | ~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="OPEN"), name="proposal_open"),
            models.Index(fields=["decided_at"], condition=Q(told_at=None), name="proposal_untold"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class PullBack(models.Model):
    """An enterprise takes back what it proposed. A trigger closes proposal and shared answer in the same transaction."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="pull_back")
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        db_table = "answers_pull_back"

    def __str__(self) -> str:
        return str(self.proposal_id)
