"""Rows of an enterprise's people. Names are kept plain (lists sort by them); ID and mobile numbers only sealed (clause 五.1)."""

from __future__ import annotations

import uuid as uuid_module

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.people.identity.models import FaceCheck, Identity, Liveness, Proof
from apps.people.joining.models import Application, Device, Invite, LdapSetup, OutsideAccount, PhoneChange, SsoSetup
from apps.people.notify.models import Delivery, Notice, NoticeChoice, NoticeSettings, Robot, SmsDay
from apps.people.organisation.models import Position, Qualification
from apps.people.privacy.models import PrivacyRequest

__all__ = [
    "Application", "Change", "Delivery", "Device", "FaceCheck", "HeadingMeaning", "Identity", "ImportJob", "Invite",
    "LdapSetup", "Learner", "Liveness", "Manager", "Membership", "Notice", "NoticeChoice", "NoticeSettings", "OutsideAccount",
    "PhoneChange", "Position", "PrivacyRequest", "Proof", "Qualification", "Robot", "SavedView", "SmsDay", "SsoSetup", "Unit",
]  # fmt: skip


class Unit(models.Model):
    """A part of the enterprise: works, workshop, team."""

    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Dissolved: empty, no longer offered")
    sample = models.BooleanField(default=False, db_default=False, help_text="Made to try things with (`samples.py`)")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_per_parent", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.name


class Manager(models.Model):
    """Somebody who runs the enterprise's training, or a part of it; the first one opened the enterprise and owns it.

    A supervisor (``UNIT``) sees ``unit`` and everything below it, nobody else's people.
    """

    class Role(models.TextChoices):
        """What a manager may do; `permissions.py` says which is which."""

        OWNER = "OWNER", _("企业负责人")
        TRAINING = "TRAINING", _("培训管理员")
        UNIT = "UNIT", _("部门主管")
        TRAINER = "TRAINER", _("培训教师")
        AUDITOR = "AUDITOR", _("审计员（只读）")

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="manager")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=10, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True, help_text="No manager any more; the row stays, for what was done stays")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="manager_unit_for_supervisors", condition=~models.Q(role="UNIT") | models.Q(unit__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Learner(models.Model):
    """One person of the enterprise who learns.

    ``person_key`` is the same in every enterprise (blind index of the ID number): leases and day caps hang on it.
    ``sample``: made up to try things with; has no number and no way in, and is counted nowhere (`samples.py`).
    ``restricted_at``: nothing but keeping since then (PIPL arts. 44, 47). ``erase_on``: erasure was granted, and from that day on no law keeps
    the rest; ``erased_at``: name and numbers are gone (`privacy/erasing.py`).
    """

    class Role(models.TextChoices):
        """How the law sorts people for training (国家安全监管总局令第3号)."""

        FZ = "FZ", _("主要负责人")
        GL = "GL", _("安全生产管理人员")
        BZ = "BZ", _("班组长")
        CY = "CY", _("从业人员")
        TZ = "TZ", _("特种作业人员")
        XF = "XF", _("相关方人员")

    class Status(models.TextChoices):
        """Archived people keep their records and cannot sign in."""

        ACTIVE = "ACTIVE", _("在册")
        ARCHIVED = "ARCHIVED", _("已归档")

    class Employment(models.TextChoices):
        """Whose worker the person is; dispatched workers and interns are trained like own staff (安全生产法 art. 28)."""

        OWN = "OWN", _("正式员工")
        DISPATCH = "DISPATCH", _("劳务派遣")
        INTERN = "INTERN", _("实习生")
        TEMP = "TEMP", _("临时用工")
        CONTRACTOR = "CONTRACTOR", _("承包商人员")

    class Education(models.TextChoices):
        """What a file tells of schooling (一人一档)."""

        PRIMARY = "PRIMARY", _("小学及以下")
        MIDDLE = "MIDDLE", _("初中")
        HIGH = "HIGH", _("高中、中专、技校")
        COLLEGE = "COLLEGE", _("大专")
        BACHELOR = "BACHELOR", _("本科")
        MASTER = "MASTER", _("研究生及以上")

    class Fitness(models.TextChoices):
        """Whether somebody was found unfit for the hazards of the post (职业病防治法 art. 35); nothing about the body itself."""

        FIT = "FIT", _("未见职业禁忌")
        UNFIT = "UNFIT", _("有职业禁忌，已调整岗位")

    class Sex(models.TextChoices):
        """From the 17th place of the ID number."""

        M = "M", _("男")
        F = "F", _("女")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    credential = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="learner"
    )
    name = models.CharField(max_length=60)
    id_sealed = models.BinaryField()
    person_key = models.CharField(max_length=64, unique=True)
    mobile_sealed = models.BinaryField()
    mobile_index = models.CharField(max_length=64, unique=True)
    sex = models.CharField(max_length=1, choices=Sex.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="learners")
    position = models.CharField(max_length=60, blank=True)
    employee_no = models.CharField(max_length=30, blank=True)
    role = models.CharField(max_length=2, choices=Role.choices, default=Role.CY)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    employment = models.CharField(max_length=10, choices=Employment.choices, blank=True, default="", db_default="")
    hired_on = models.DateField(null=True, blank=True)
    trade = models.CharField(max_length=40, blank=True, default="", db_default="")
    education = models.CharField(max_length=10, choices=Education.choices, blank=True, default="", db_default="")
    fitness = models.CharField(max_length=10, choices=Fitness.choices, blank=True, default="", db_default="")
    fitness_on = models.DateField(null=True, blank=True)
    sample = models.BooleanField(default=False, db_default=False)
    restricted_at = models.DateTimeField(null=True, blank=True)
    erase_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sealed_columns = {"id_sealed": "learner-id", "mobile_sealed": "learner-mobile"}

    class Meta:
        indexes = [
            models.Index(fields=["status", "name", "id"], name="learner_by_name"),
            models.Index(fields=["status", "created_at", "id"], name="learner_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="learner_known_role", condition=models.Q(role__in=["FZ", "GL", "BZ", "CY", "TZ", "XF"])),
        ]

    def __str__(self) -> str:
        return f"learner #{self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether the person is on the books."""
        return self.status == self.Status.ACTIVE


class Membership(models.Model):
    """A further unit of a learner besides the main one: training of that unit reaches them, and its supervisor sees them."""

    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "unit"], name="member_once")]

    def __str__(self) -> str:
        return f"learner #{self.learner_id} also in unit #{self.unit_id}"


class Change(models.Model):
    """What somebody changed about people, units, posts or managers; rows are only added (clause 四.2).

    ``changes``: field to ``[before, after]`` as a person reads them, ID and mobile numbers masked.
    """

    append_only = True

    class Kind(models.TextChoices):
        """What was changed."""

        LEARNER = "LEARNER", _("人员")
        UNIT = "UNIT", _("部门")
        POSITION = "POSITION", _("岗位")
        MANAGER = "MANAGER", _("管理人员")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=40, help_text="uuid of a learner, else the row's id")
    name = models.CharField(max_length=60, help_text="What the subject was called then")
    action = models.CharField(max_length=20)
    changes = models.JSONField(default=dict)
    by = models.ForeignKey(Manager, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject", "-id"], name="change_of_subject"),
            models.Index(fields=["-at", "-id"], name="change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.subject}"


class SavedView(models.Model):
    """Filters of the list of people under a name, for one manager; ``query`` is the address behind the question mark."""

    manager = models.ForeignKey(Manager, on_delete=models.PROTECT, related_name="views")
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["manager", "name"], name="view_once_per_manager")]

    def __str__(self) -> str:
        return self.name


class ImportJob(models.Model):
    """One uploaded worker list on its way in: checked, looked over and mended by a manager, then written.

    The file and the table made of it (``roster.table``) lie sealed in the object store until nobody needs them.
    ``errors``: rows of ``{"row": 5, "column": "id_number", "code": "id_check", …}``; words are made when shown, and no
    personal data are among them. ``preview``: outcome -> number of rows, and ``units``: paths of units that would be made.
    ``chosen``: ``{"row": 1, "places": {"name": 0, …}}`` where a manager said the columns stand.
    ``note``: a code of ``roster.problems.WORDS`` that says why the list waits again.
    """

    class State(models.TextChoices):
        """Life cycle; only QUEUED and RUNNING jobs move by themselves."""

        QUEUED = "QUEUED", _("排队中")
        RUNNING = "RUNNING", _("正在检查和导入")
        MAPPING = "MAPPING", _("等待对应列")
        READY = "READY", _("等待确认")
        REFUSED = "REFUSED", _("名单有错误，未导入")
        DONE = "DONE", _("导入完成")
        CANCELLED = "CANCELLED", _("已取消，未写入任何数据")
        FAILED = "FAILED", _("导入中断，未写入任何数据")

    class Step(models.TextChoices):
        """What a queued or running job does."""

        CHECK = "CHECK", _("检查")
        WRITE = "WRITE", _("写入")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    storage_key = models.CharField(max_length=200, blank=True)
    table_key = models.CharField(max_length=200, blank=True, default="", db_default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=5, choices=Step.choices, default=Step.CHECK, db_default="CHECK")
    note = models.CharField(max_length=20, blank=True, default="", db_default="")
    chosen = models.JSONField(null=True, blank=True)
    preview = models.JSONField(default=dict, db_default={})
    whole = models.BooleanField(default=True, db_default=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0, db_default=0)
    by = models.ForeignKey(Manager, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    sealed_files = {"storage_key": "import-file", "table_key": "import-file"}

    class Meta:
        indexes = [models.Index(fields=["-at"], name="import_job_newest")]

    def __str__(self) -> str:
        return f"import {self.uuid}"


class HeadingMeaning(models.Model):
    """What a heading of this enterprise's lists means, as a manager once said; ``column`` "" means: left out."""

    heading = models.CharField(max_length=60, unique=True)
    column = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.heading} -> {self.column}"
