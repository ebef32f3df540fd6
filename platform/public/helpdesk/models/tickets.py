"""Questions that a person answers, in promised hours of the clock."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """How much somebody is stopped by it; each has times of its own (`Promise`)."""

    BLOCKED = "BLOCKED", _("不能登录、学习或考试")
    NORMAL = "NORMAL", _("能用，但有问题")
    MINOR = "MINOR", _("怎么用、建议")


class Promise(models.Model):
    """Hours that hold for one urgency from a day on, round the clock (clause 六.(一).2). Rows only grow.

    ``answer_minutes``: until the first answer by a person; ``settle_hours``: until it is solved. Both run through nights and holidays.
    """

    urgency = models.CharField(max_length=7, choices=Urgency.choices)
    valid_from = models.DateField()
    answer_minutes = models.PositiveIntegerField()
    settle_hours = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=40, help_text="operator:7, or seed")
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["urgency", "valid_from"], name="help_promise_one_a_day"),
            models.CheckConstraint(
                name="help_promise_answers_first",
                condition=Q(answer_minutes__gte=1, settle_hours__gte=1, answer_minutes__lte=F("settle_hours") * 60),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.urgency} {self.valid_from}"


class Ticket(models.Model):
    """One question for a person. ``number`` is told to the asker; who is not signed in gets a code, of which only ``code_index`` is kept.

    ``schema_name`` and ``asker`` (``learner:<uuid>``, ``manager:<id>``): who asked where; empty for whoever asked on the platform's
    site. ``contact_sealed``: name, mobile and mail as JSON. ``page``: name of the page that help was opened on.
    The clock runs from ``clock_from`` to ``due_at``; both move by the length of a pause. ``stage``: the last of 50, 80, 100 percent that
    was told. ``tell``: a message that has not gone out to the asker yet. ``merged_into``: the ticket that is answered for this one.
    """

    class State(models.TextChoices):
        """Where it stands."""

        NEW = "NEW", _("待答复")
        OPEN = "OPEN", _("处理中")
        WAITING = "WAITING", _("等您补充")
        MERGED = "MERGED", _("合并处理中")
        SOLVED = "SOLVED", _("已解决")

    class Filer(models.TextChoices):
        """Who asked."""

        PUBLIC = "PUBLIC", _("社会公众")
        LEARNER = "LEARNER", _("学员")
        MANAGER = "MANAGER", _("企业管理人员")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    code_index = models.CharField(max_length=64)
    schema_name = models.CharField(max_length=63, blank=True)
    filer = models.CharField(max_length=7, choices=Filer.choices)
    asker = models.CharField(max_length=44, blank=True)
    contact_sealed = models.BinaryField(null=True, blank=True)
    is_phoned = models.BooleanField(default=False, help_text="Asked on the phone and written down at the desk")
    urgency = models.CharField(max_length=7, choices=Urgency.choices)
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+", help_text="The times promised to this asker")
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=4000)
    page = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.NEW)
    round = models.PositiveSmallIntegerField(default=1, help_text="2 and more: it was not solved")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    assignee_id = models.BigIntegerField(null=True, blank=True, help_text="Credential of the operator who answers")
    filed_at = models.DateTimeField()
    clock_from = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    stage = models.PositiveSmallIntegerField(default=0)
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.CharField(max_length=40, blank=True, help_text="operator:7, asker or system")
    stars = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Satisfaction, 1 to 5")
    stars_words = models.CharField(max_length=300, blank=True)
    tell = models.CharField(max_length=8, blank=True)
    sealed_columns = {"contact_sealed": "help-ticket/{uuid}"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="help_ticket_pauses_while_waiting",
                condition=Q(state="WAITING", paused_at__isnull=False) | (~Q(state="WAITING") & Q(paused_at=None)),
            ),
            models.CheckConstraint(
                name="help_ticket_solved_at",
                condition=(Q(state="SOLVED", solved_at__isnull=False) & ~Q(solved_by=""))
                | (~Q(state="SOLVED") & Q(solved_at=None, solved_by="")),
            ),
            models.CheckConstraint(
                name="help_ticket_merged_into_another",
                condition=(~Q(state="MERGED") | Q(merged_into__isnull=False)) & ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(name="help_ticket_stars_1_to_5", condition=Q(stars=None) | Q(stars__range=(1, 5))),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["NEW", "OPEN", "WAITING"]), name="help_ticket_running"),
            models.Index(fields=["schema_name", "asker", "-filed_at"], name="help_ticket_of_asker"),
            models.Index(fields=["filed_at"], condition=~Q(tell=""), name="help_ticket_to_tell"),
        ]

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One step in a ticket's life. ``is_shown``: the asker reads it too; other rows are the desk's own. Rows only grow."""

    class Kind(models.TextChoices):
        """What happened."""

        FILED = "FILED", _("提问")
        REPLIED = "REPLIED", _("客服答复")
        ASKED = "ASKED", _("请补充说明")
        SAID = "SAID", _("补充说明")
        NOTE = "NOTE", _("内部备注")
        ASSIGNED = "ASSIGNED", _("指派")
        TAKEN = "TAKEN", _("交接班接手")
        URGENCY = "URGENCY", _("改紧急程度")
        MERGED = "MERGED", _("合并")
        ESCALATED = "ESCALATED", _("时限提醒")
        CONTACT_SEEN = "CONTACT", _("查看联系方式")
        SOLVED = "SOLVED", _("已解决")
        REOPENED = "REOPENED", _("还没解决")
        RATED = "RATED", _("评价")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    actor = models.CharField(max_length=40, help_text="operator:7, asker or system")
    name = models.CharField(max_length=50, blank=True, help_text="The operator's name; never the asker's")
    text = models.CharField(max_length=4000, blank=True)
    is_shown = models.BooleanField(default=False)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="help_step_of_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"


class Canned(models.Model):
    """An answer that is written again and again; put into the reply and changed there."""

    title = models.CharField(max_length=60)
    text = models.TextField(max_length=2000)
    is_retired = models.BooleanField(default=False)
    used = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=40, help_text="operator:7, or seed")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title"], condition=Q(is_retired=False), name="help_canned_title_once"),
        ]

    def __str__(self) -> str:
        return self.title
