"""Papers of a company, looked at by two operators."""

import uuid

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
