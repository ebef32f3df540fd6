"""Rows about enterprises. They are the platform's alone: no enterprise could write itself a verification or an operator a leave.

Services are called while standing on the platform; each names the enterprise it is about.
"""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.models import Enterprise


class Verification(models.Model):
    """One hand-in of a company's papers. Two operators look, one after the other; a refused one is followed by a new round.

    ``name`` and ``uscc`` as on the licence: once approved they become the enterprise's. ``reasons`` (of a refusal) are values of `Reason`.
    """

    class State(models.TextChoices):
        """How far it is."""

        SUBMITTED = "SUBMITTED", _("待初审")
        CHECKED = "CHECKED", _("待复核")
        APPROVED = "APPROVED", _("已通过")
        REFUSED = "REFUSED", _("未通过")

    class Reason(models.TextChoices):
        """Why papers are refused; each says what to do."""

        UNREADABLE = "UNREADABLE", _("扫描件不清晰或不完整，请重新上传原件的彩色扫描件或照片")
        NAME = "NAME", _("填写的企业名称与营业执照不一致，请照执照填写")
        CODE = "CODE", _("填写的统一社会信用代码与营业执照不一致，请核对")
        REGISTRY = "REGISTRY", _("登记机关显示企业已注销、吊销或列入异常，请先到登记机关处理")
        AUTHORITY = "AUTHORITY", _("缺少盖公章的授权书，或授权书与办理人不符，请补交")
        EXPIRED = "EXPIRED", _("执照或许可证已过有效期，请上传有效的证照")
        PERMIT = "PERMIT", _("按行业须有安全生产许可证，请补交")
        OTHER = "OTHER", _("其他原因，见说明")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.SUBMITTED)
    name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=18)
    licence_until = models.DateField(null=True, blank=True, help_text="Last day of the licence; None: without an end")
    words = models.CharField(max_length=500, blank=True, help_text="What the enterprise adds")
    by = models.CharField(max_length=80, help_text="A reference such as manager:12")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    first_by = models.BigIntegerField(null=True, blank=True, help_text="Credential of the operator who looked first")
    first_name = models.CharField(max_length=60, blank=True)
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.BigIntegerField(null=True, blank=True)
    second_name = models.CharField(max_length=60, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(
        max_length=500, blank=True, help_text="What the first left for the second; never shown to the enterprise"
    )
    reasons = ArrayField(models.CharField(max_length=10, choices=Reason.choices), default=list, blank=True)
    refusal = models.CharField(max_length=500, blank=True, help_text="The reasons in words, as the enterprise reads them")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "round"], name="verification_round_once"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(state__in=["SUBMITTED", "CHECKED"]), name="one_open_verification"
            ),
            models.CheckConstraint(name="verification_by_two", condition=Q(second_by=None) | ~Q(second_by=F("first_by"))),
            models.CheckConstraint(
                name="verification_approved_by_second",
                condition=~Q(state="APPROVED") | Q(first_by__isnull=False, second_by__isnull=False),
            ),
            models.CheckConstraint(name="verification_refused_with_reasons", condition=~Q(state="REFUSED") | ~Q(reasons=[])),
            models.CheckConstraint(
                name="verification_decided",
                condition=Q(state__in=["APPROVED", "REFUSED"], decided_at__isnull=False)
                | Q(state__in=["SUBMITTED", "CHECKED"], decided_at=None),
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(state__in=["SUBMITTED", "CHECKED"]), name="verification_open")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to look."""
        return self.state in {self.State.SUBMITTED, self.State.CHECKED}

    @property
    def reason_words(self) -> list[str]:
        """The reasons of a refusal in the reader's language."""
        return [str(self.Reason(one).label) for one in self.reasons if one in self.Reason.values]


class Paper(models.Model):
    """One checked upload that belongs to a verification. Rows only grow."""

    class Kind(models.TextChoices):
        """What it is."""

        LICENCE = "LICENCE", _("营业执照")
        AUTHORITY = "AUTHORITY", _("授权书")
        PERMIT = "PERMIT", _("安全生产许可证")
        OTHER = "OTHER", _("其他材料")

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    upload = models.UUIDField()
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["verification", "upload"], name="paper_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.upload}"

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.content_type.startswith("image/")


class Turn(models.Model):
    """One turn in the life of an enterprise: from which state to which, why, by whom. Rows only grow."""

    class Cause(models.TextChoices):
        """Why."""

        UNPAID = "UNPAID", _("欠费")
        UNVERIFIED = "UNVERIFIED", _("企业资料未通过核验")
        VIOLATION = "VIOLATION", _("违反服务约定")
        SECURITY = "SECURITY", _("账号或数据安全事件")
        AUTHORITY = "AUTHORITY", _("监管部门要求")
        OWN_WISH = "OWN_WISH", _("企业申请")
        SETTLED = "SETTLED", _("问题已解决")
        OTHER = "OTHER", _("其他")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    former = models.CharField(max_length=10, choices=Enterprise.Status.choices)
    status = models.CharField(max_length=10, choices=Enterprise.Status.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    words = models.CharField(max_length=300)
    by = models.CharField(max_length=80, help_text="operator:7, manager:12 or system")
    by_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(name="turn_turns", condition=~Q(former=F("status")))]
        indexes = [models.Index(fields=["enterprise", "at"], name="turn_of_enterprise")]

    def __str__(self) -> str:
        return f"{self.former} -> {self.status}"


class Closure(models.Model):
    """An owner has asked to close the enterprise. Until ``ends_at`` it can be undone; then it is carried out.

    ``export``: the order of the package that was taken along; None only where the owner typed that none is wanted.
    ``kept_until``: the last day on which the law keeps the learners' records; known once it is carried out, and moved only to later days.
    ``warned_at``, ``over_at``: when the nightly round said that it comes near, and that it is over. ``reopened_at``: the enterprise came back.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    former = models.CharField(max_length=10, choices=Enterprise.Status.choices)
    reason = models.CharField(max_length=300)
    export = models.UUIDField(null=True, blank=True)
    export_sha256 = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    ends_at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, blank=True)
    undone_name = models.CharField(max_length=60, blank=True)
    undone_reason = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(undone_at=None, closed_at=None), name="one_open_closure"),
            models.CheckConstraint(
                name="closure_reopened_after", condition=Q(reopened_at=None) | Q(closed_at__lt=F("reopened_at"))
            ),
            models.CheckConstraint(name="closure_undone_or_done", condition=Q(undone_at=None) | Q(closed_at=None)),
            models.CheckConstraint(name="closure_has_time", condition=Q(ends_at__gt=F("at"))),
            models.CheckConstraint(name="closure_not_early", condition=Q(closed_at=None) | Q(closed_at__gte=F("ends_at"))),
            models.CheckConstraint(name="closure_keeps", condition=Q(closed_at=None) | Q(kept_until__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(undone_at=None, closed_at=None), name="closure_open"),
            models.Index(fields=["kept_until"], condition=Q(closed_at__isnull=False, reopened_at=None), name="closure_kept"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Visit(models.Model):
    """Leave for one operator to look around in an enterprise: asked for with a reason, given by its owner, read-only, until an end.

    Leave to read one complainant's record for one case is another thing (`public.complaints`). ``ticket``: SHA-256 of the one-time ticket
    that leads from the desk into the enterprise, emptied when it is used.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "ASKED", _("待企业同意")
        GRANTED = "GRANTED", _("已同意")
        REFUSED = "REFUSED", _("未同意")
        ENDED = "ENDED", _("已结束")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(help_text="How long, from the moment of leave")
    operator_id = models.BigIntegerField(help_text="Credential of who asked, and who alone may enter")
    operator_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField(help_text="A question that nobody answered by then is no question any more")
    decided_by = models.CharField(max_length=80, blank=True, help_text="A reference such as manager:12")
    decided_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ticket = models.CharField(max_length=64, blank=True)
    ticket_until = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0, help_text="How many pages were seen")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(state__in=["ASKED", "GRANTED"]), name="one_open_visit"),
            models.CheckConstraint(name="visit_at_most_eight_hours", condition=Q(minutes__range=(15, 480))),
            models.CheckConstraint(
                name="visit_granted_by_somebody",
                condition=~Q(state="GRANTED") | (~Q(decided_by="") & Q(expires_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="visit_granted_within", condition=Q(decided_by="") | Q(decided_by__startswith="manager:")
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "asked_at"], name="visit_of_enterprise")]

    def __str__(self) -> str:
        return str(self.uuid)

    def holds(self, at: datetime) -> bool:
        """Whether it allows looking at a moment."""
        return self.state == self.State.GRANTED and self.expires_at is not None and at < self.expires_at

    def waits(self, at: datetime) -> bool:
        """Whether the owner may still answer."""
        return self.state == self.State.ASKED and at < self.lapses_at


class LifeChange(models.Model):
    """What one operator asks for about a closed enterprise and another one decides: opening it again, or destroying what is kept of it."""

    class Kind(models.TextChoices):
        """What is asked for."""

        REOPEN = "REOPEN", _("重新开通")
        DESTROY = "DESTROY", _("销毁数据")

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "OPEN", _("待批准")
        APPROVED = "APPROVED", _("已批准")
        REFUSED = "REFUSED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")
        LAPSED = "LAPSED", _("已过期")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=300)
    asked_by = models.BigIntegerField(help_text="Credential of the operator who asks")
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(state="OPEN"), name="one_open_life_change"),
            models.CheckConstraint(name="life_change_by_two", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))),
            models.CheckConstraint(
                name="life_change_decided_by_somebody",
                condition=~Q(state__in=["APPROVED", "REFUSED"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def waits(self, at: datetime) -> bool:
        """Whether it may still be decided."""
        return self.state == self.State.OPEN and at < self.expires_at


class Destruction(models.Model):
    """Everything of a closed enterprise is destroyed, step by step; a worker that dies costs the step it was at (decision 0071).

    ``step``: what comes next. ``contents``: what was there and what became of it, the certificate's body in the end. ``note``: the signed note
    over that body. Until ``starts_at`` any operator may stop it; once it runs there is no way back.
    """

    class State(models.TextChoices):
        """Life cycle."""

        WAITING = "WAITING", _("等待开始")
        RUNNING = "RUNNING", _("正在销毁")
        DONE = "DONE", _("已销毁")
        STOPPED = "STOPPED", _("已停止")

    class Step(models.TextChoices):
        """What is done, in this order: first the list, then the keys, so that everything else is unreadable from then on."""

        LIST = "LIST", _("清点")
        KEYS = "KEYS", _("销毁数据密钥")
        FILES = "FILES", _("删除文件")
        ROWS = "ROWS", _("清除共用表中的数据")
        SCHEMA = "SCHEMA", _("删除数据库模式和角色")
        CERTIFICATE = "CERTIFICATE", _("签发销毁证明")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    change = models.OneToOneField(LifeChange, on_delete=models.PROTECT, related_name="destruction")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=11, choices=Step.choices, default=Step.LIST)
    starts_at = models.DateTimeField()
    contents = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="When the last step was done")
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=80, blank=True, help_text="operator:7 or system")
    stopped_name = models.CharField(max_length=60, blank=True)
    stopped_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=~Q(state="STOPPED"), name="one_destruction"),
            models.CheckConstraint(
                name="destruction_done_is_certified", condition=~Q(state="DONE") | (~Q(note="") & Q(ended_at__isnull=False))
            ),
            models.CheckConstraint(name="destruction_stopped_says_why", condition=~Q(state="STOPPED") | ~Q(stopped_reason="")),
            models.CheckConstraint(
                name="destruction_runs_since", condition=Q(state__in=["WAITING", "STOPPED"]) | Q(started_at__gte=F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], condition=Q(state__in=["WAITING", "RUNNING"]), name="destruction_open")]

    def __str__(self) -> str:
        return f"{self.uuid} {self.state}"
