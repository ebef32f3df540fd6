"""Rows of complaints. They are the platform's alone: no enterprise has a right to any of them, for many are about an enterprise."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from public.uploads import api as uploads


class Category(models.TextChoices):
    """What a complaint is about; each has times of its own (`Promise`)."""

    INQUIRY = "INQUIRY", _("咨询")
    FAULT = "FAULT", _("故障（不能学习或考试）")
    GENERAL = "GENERAL", _("一般投诉、建议")
    COMPLEX = "COMPLEX", _("学时、成绩、课程质量")
    CONTENT = "CONTENT", _("违法有害信息、侵权")
    PRIVACY = "PRIVACY", _("个人信息")


class Promise(models.Model):
    """Times that hold for one category from a day on (clause 六.(一).6). Rows only grow: what was promised to whom can be shown later.

    ``answer_minutes``: until the first answer by a person, within office hours only where ``office_only``. Then ``settle_hours`` of
    the clock or ``settle_days`` working days, counted from the filing, until it is decided. ``extend_days``: working days that one
    extension adds, 0: none. ``hides_first``: content reported here is hidden before it is looked into.
    """

    category = models.CharField(max_length=8, choices=Category.choices)
    valid_from = models.DateField()
    answer_minutes = models.PositiveIntegerField()
    office_only = models.BooleanField(default=False)
    settle_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    settle_days = models.PositiveSmallIntegerField(null=True, blank=True)
    extend_days = models.PositiveSmallIntegerField(default=0)
    hides_first = models.BooleanField(default=False)
    by = models.CharField(max_length=80, help_text="A reference such as operator:7, or seed")
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "valid_from"], name="promise_one_a_day"),
            models.CheckConstraint(
                name="promise_in_hours_or_days",
                condition=Q(settle_hours__gte=1, settle_days=None) | Q(settle_hours=None, settle_days__gte=1),
            ),
            models.CheckConstraint(name="promise_answers", condition=Q(answer_minutes__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.valid_from}"


class Complaint(models.Model):
    """One complaint. ``number`` is told to whoever filed it, with a code of which only ``code_index`` is kept.

    ``schema_name``: the enterprise on whose site it was filed or whom it concerns, empty for the platform itself. ``subject``: the
    learner's uuid there, where a learner filed it. ``contact_sealed``: name, mobile and mail as JSON, or None for nobody named.
    ``about``: what it came from, e.g. ``privacy-request:<uuid>`` or ``appeal:<uuid>``; one complaint for each.
    The clock runs from ``clock_from`` to ``due_at``; both move by the length of a pause. ``stage``: the last of 50, 80, 100 percent
    that was told. ``tell``: a message that has not gone out to the complainant's phone yet.
    """

    class State(models.TextChoices):
        """Where it stands."""

        FILED = "FILED", _("待受理")
        OPEN = "OPEN", _("处理中")
        WAITING = "WAITING", _("等待补充")
        DECIDED = "DECIDED", _("已办结")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    class Channel(models.TextChoices):
        """How it came."""

        WEB = "WEB", _("网页")
        PHONE = "PHONE", _("电话")
        SYSTEM = "SYSTEM", _("系统转入")

    class Filer(models.TextChoices):
        """Who filed it."""

        PUBLIC = "PUBLIC", _("社会公众")
        LEARNER = "LEARNER", _("学员")
        MANAGER = "MANAGER", _("企业管理人员")
        SYSTEM = "SYSTEM", _("系统")

    class Outcome(models.TextChoices):
        """What it came to."""

        UPHELD = "UPHELD", _("属实，已处理")
        PARTLY = "PARTLY", _("部分属实，已处理")
        UNFOUNDED = "UNFOUNDED", _("不属实")
        ANSWERED = "ANSWERED", _("已答复")
        DECLINED = "DECLINED", _("不予受理")

    class Extension(models.TextChoices):
        """Where the one extension stands."""

        NONE = "", _("未申请")
        ASKED = "ASKED", _("待批准")
        GRANTED = "GRANTED", _("已批准")
        REFUSED = "REFUSED", _("未批准")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    code_index = models.CharField(max_length=64)
    schema_name = models.CharField(max_length=63, blank=True)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    filer = models.CharField(max_length=7, choices=Filer.choices)
    subject = models.UUIDField(null=True, blank=True)
    contact_sealed = models.BinaryField(null=True, blank=True)
    category = models.CharField(max_length=8, choices=Category.choices)
    promise = models.ForeignKey(
        Promise, on_delete=models.PROTECT, related_name="+", help_text="The times promised to this complainant"
    )
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=4000)
    about = models.CharField(max_length=80, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True, help_text="Course version that is complained about")
    held_at = models.DateTimeField(null=True, blank=True, help_text="When the course was hidden for this complaint")
    state = models.CharField(max_length=9, choices=State.choices, default=State.FILED)
    round = models.PositiveSmallIntegerField(default=1, help_text="2 and more: reopened")
    assignee_id = models.BigIntegerField(null=True, blank=True, help_text="Credential of the operator who deals with it")
    filed_at = models.DateTimeField()
    clock_from = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    stage = models.PositiveSmallIntegerField(default=0)
    extension = models.CharField(max_length=7, choices=Extension.choices, default=Extension.NONE, blank=True)
    extension_reason = models.CharField(max_length=300, blank=True)
    extension_by = models.BigIntegerField(null=True, blank=True, help_text="Credential of who asked")
    extension_decided_by = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    decided_by = models.BigIntegerField(null=True, blank=True, help_text="Credential; empty where a system did")
    decided_at = models.DateTimeField(null=True, blank=True)
    stars = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Satisfaction, 1 to 5")
    stars_words = models.CharField(max_length=300, blank=True)
    tell = models.CharField(max_length=10, blank=True)
    sealed_columns = {"contact_sealed": "complaint/{uuid}"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about"], condition=~Q(about=""), name="complaint_about_once"),
            models.CheckConstraint(
                name="complaint_decided_with_reason",
                condition=(Q(state="DECIDED", decided_at__isnull=False) & ~Q(reason="") & ~Q(outcome=""))
                | (~Q(state="DECIDED") & Q(decided_at=None, outcome="")),
            ),
            models.CheckConstraint(
                name="complaint_pauses_while_waiting",
                condition=Q(state="WAITING", paused_at__isnull=False) | (~Q(state="WAITING") & Q(paused_at=None)),
            ),
            models.CheckConstraint(
                name="complaint_extension_by_two",
                condition=Q(extension_decided_by=None) | ~Q(extension_decided_by=F("extension_by")),
            ),
            models.CheckConstraint(name="complaint_stars_1_to_5", condition=Q(stars=None) | Q(stars__range=(1, 5))),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["FILED", "OPEN", "WAITING"]), name="complaint_open"),
            models.Index(fields=["schema_name", "filed_at"], name="complaint_of_site"),
            models.Index(fields=["filed_at"], condition=~Q(tell=""), name="complaint_to_tell"),
        ]

    def __str__(self) -> str:
        return self.number


class Event(models.Model):
    """One step in a complaint's life. ``is_shown``: the complainant reads it too; other rows are the desk's own. Rows only grow."""

    class Kind(models.TextChoices):
        """What happened."""

        FILED = "FILED", _("提交")
        ACCEPTED = "ACCEPTED", _("受理")
        ASSIGNED = "ASSIGNED", _("指派")
        NOTE = "NOTE", _("内部备注")
        ASKED = "ASKED", _("请求补充")
        REPLIED = "REPLIED", _("补充说明")
        RESUMED = "RESUMED", _("继续处理")
        ATTACHED = "ATTACHED", _("上传附件")
        EXT_ASKED = "EXT_ASKED", _("申请延期")
        EXT_GRANTED = "EXT_GRANTED", _("批准延期")
        EXT_REFUSED = "EXT_REFUSED", _("不批准延期")
        ESCALATED = "ESCALATED", _("期限提醒")
        LINKED = "LINKED", _("关联")
        HELD = "HELD", _("先行隐藏内容")
        KEPT = "KEPT", _("未先行隐藏")
        RELEASED = "RELEASED", _("恢复内容")
        REMOVED = "REMOVED", _("撤下内容")
        CONTACT_SEEN = "CONTACT", _("查看联系方式")
        ACCESS_ASKED = "ACC_ASKED", _("申请调阅记录")
        ACCESS_GRANTED = "ACC_GRANT", _("批准调阅记录")
        ACCESS_REFUSED = "ACC_REFUSE", _("不批准调阅")
        ACCESS_READ = "ACC_READ", _("调阅记录")
        ACCESS_ENDED = "ACC_END", _("结束调阅")
        DECIDED = "DECIDED", _("办结")
        RATED = "RATED", _("评价")
        REOPENED = "REOPENED", _("要求重新办理")
        WITHDRAWN = "WITHDRAWN", _("撤回")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=11, choices=Kind.choices)
    actor = models.CharField(max_length=40, help_text="operator:7, filer or system")
    name = models.CharField(max_length=50, blank=True, help_text="The operator's name; never the complainant's")
    text = models.CharField(max_length=2000, blank=True)
    is_shown = models.BooleanField(default=False)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["complaint", "at"], name="event_of_complaint")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"


class Attachment(uploads.Attached):
    """A checked upload that belongs to a complaint, of the complainant or of the desk."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="attachments")
    by = models.CharField(max_length=40, help_text="operator:7 or filer")


class AccessGrant(models.Model):
    """Leave to read what one enterprise keeps of one complainant, for one case, for a reason, until an end (clause 五.7).

    Asked for by one operator and granted by another; the database refuses the same person.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "ASKED", _("待批准")
        GRANTED = "GRANTED", _("已批准")
        REFUSED = "REFUSED", _("未批准")
        ENDED = "ENDED", _("已结束")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="grants")
    schema_name = models.CharField(max_length=63)
    reason = models.CharField(max_length=300)
    hours = models.PositiveSmallIntegerField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="grant_by_two", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))),
            models.CheckConstraint(name="grant_ends", condition=~Q(state="GRANTED") | Q(expires_at__isnull=False)),
            models.CheckConstraint(name="grant_at_most_three_days", condition=Q(hours__range=(1, 72))),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(state__in=["ASKED", "GRANTED"]), name="one_open_grant_of_a_complaint"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def holds(self, at: datetime) -> bool:
        """Whether it allows reading at a moment."""
        return self.state == self.State.GRANTED and self.expires_at is not None and at < self.expires_at
