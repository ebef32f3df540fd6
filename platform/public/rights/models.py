"""The register. Once its version is submitted a row stands; a longer term or new evidence is a new row that replaces it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What copyright is asked about (clause R3.2)."""

    TEXT = "TEXT", _("文字")
    FONT = "FONT", _("字体")
    PICTURE = "PICTURE", _("图片")
    AUDIO = "AUDIO", _("音频")
    VIDEO = "VIDEO", _("视频")
    ANIMATION = "ANIMATION", _("动画")
    PORTRAIT = "PORTRAIT", _("肖像")


class Licence(models.TextChoices):
    """By what right it is used."""

    OWN = "OWN", _("自己创作")
    COMMISSIONED = "COMMISSIONED", _("委托创作")
    LICENSED = "LICENSED", _("取得授权")
    PUBLIC_DOMAIN = "PUBLIC_DOMAIN", _("公有领域")
    OPEN = "OPEN", _("开放许可")
    PORTRAIT = "PORTRAIT", _("肖像权人同意")


class RightsAsset(models.Model):
    """One thing that a version uses, its holder, licence, scope, evidence and term.

    ``courseware`` empty: used in the whole version. The evidence is a scan; one's own work may be declared in words instead,
    signed by the version's author.
    """

    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.CASCADE, related_name="rights")
    courseware = models.ForeignKey("catalogue.Courseware", null=True, blank=True, on_delete=models.CASCADE, related_name="rights")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120)
    holder = models.CharField(max_length=120)
    licence = models.CharField(max_length=14, choices=Licence.choices)
    licence_text = models.CharField(max_length=500, blank=True, help_text="Number of the contract or name of the licence")
    may_transmit = models.BooleanField(default=False, help_text="Right of communication through networks")
    may_adapt = models.BooleanField(default=False)
    may_sublicense = models.BooleanField(default=False, help_text="The platform may let enterprises use it")
    territory = models.CharField(max_length=60, default="中国大陆")
    evidence = models.UUIDField(null=True, blank=True, help_text="Upload with the scan")
    statement = models.CharField(max_length=500, blank=True, help_text="Own work declared in words")
    signed_by = models.BigIntegerField(null=True, blank=True, help_text="Credential of the author who declared it")
    signed_name = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="Last day; empty: without end")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    registered_by = models.BigIntegerField(help_text="Credential of who registered it")
    registered_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="rights_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(
                name="rights_statement_is_signed_own_work",
                condition=Q(statement="", signed_by__isnull=True, signed_at__isnull=True)
                | Q(licence="OWN", signed_by__isnull=False, signed_at__isnull=False) & ~Q(statement=""),
            ),
            models.CheckConstraint(name="rights_do_not_replace_themselves", condition=~Q(replaces=F("id"))),
        ]
        indexes = [models.Index(fields=["valid_to"], name="rights_by_end", condition=Q(valid_to__isnull=False))]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind} {self.title}"


class PeopleAnswer(models.Model):
    """The author's answer to "do people appear in it?"; without a row nobody has answered yet."""

    version = models.OneToOneField("catalogue.CourseVersion", on_delete=models.CASCADE, related_name="people_answer")
    people_appear = models.BooleanField()
    answered_by = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version_id} {self.people_appear}"


class ExpiryAlert(models.Model):
    """That somebody was told about the end of one asset's term: once 60 days before, once when it is over."""

    class Kind(models.TextChoices):
        """Which of the two."""

        SOON = "SOON", _("即将到期")
        EXPIRED = "EXPIRED", _("已到期")

    asset = models.ForeignKey(RightsAsset, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "kind"], name="alerted_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.asset_id}"
