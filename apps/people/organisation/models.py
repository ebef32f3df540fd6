"""Rows of an enterprise's order of people besides units: positions and their hazards, special-operation certificates."""

from __future__ import annotations

import uuid as uuid_module

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Hazard", "Position", "Qualification"]


class Hazard(models.TextChoices):
    """What a post is exposed to: the special work of GB 30871-2022 and the common hazards of industrial enterprises."""

    FIRE = "FIRE", _("动火")
    CONFINED = "CONFINED", _("有限空间")
    BLIND = "BLIND", _("盲板抽堵")
    HEIGHT = "HEIGHT", _("高处")
    LIFT = "LIFT", _("吊装")
    POWER = "POWER", _("临时用电")
    EARTH = "EARTH", _("动土")
    ROAD = "ROAD", _("断路")
    ELECTRIC = "ELECTRIC", _("触电")
    MACHINE = "MACHINE", _("机械致害")
    VEHICLE = "VEHICLE", _("厂内车辆")
    CHEMICAL = "CHEMICAL", _("危险化学品")
    DUST = "DUST", _("粉尘爆炸")
    HOT = "HOT", _("高温熔融物")
    NOISE = "NOISE", _("噪声与职业病危害")


class Position(models.Model):
    """A post of the enterprise. Learners carry its name as text (lists bring it in), so a post is found by its name."""

    name = models.CharField(max_length=60, unique=True)
    hazards = ArrayField(models.CharField(max_length=10, choices=Hazard.choices), default=list, blank=True)
    note = models.CharField(max_length=200, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Qualification(models.Model):
    """A certificate of somebody in special operations or with special equipment (安全生产法 art. 30).

    The number often is the ID number behind a letter, so it is kept sealed and shown masked.
    """

    class Kind(models.TextChoices):
        """Top categories of the catalogue of special operations; special equipment is another authority's."""

        ELECTRIC = "ELECTRIC", _("电工作业")
        WELDING = "WELDING", _("焊接与热切割作业")
        HEIGHT = "HEIGHT", _("高处作业")
        COOLING = "COOLING", _("制冷与空调作业")
        COAL = "COAL", _("煤矿安全作业")
        MINE = "MINE", _("金属非金属矿山安全作业")
        OIL = "OIL", _("石油天然气安全作业")
        METAL = "METAL", _("冶金（有色）生产安全作业")
        CHEMICAL = "CHEMICAL", _("危险化学品安全作业")
        FIREWORK = "FIREWORK", _("烟花爆竹安全作业")
        EQUIPMENT = "EQUIPMENT", _("特种设备作业")
        OTHER = "OTHER", _("其他")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    item = models.CharField(max_length=60, blank=True, help_text="操作项目，例如 低压电工作业")
    number_sealed = models.BinaryField(default=b"")
    review_on = models.DateField(null=True, blank=True, help_text="Day by which the authority wants to see it again")
    expires_on = models.DateField()
    archived_at = models.DateTimeField(null=True, blank=True)
    sealed_columns = {"number_sealed": "qualification-number"}

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_on", "id"], name="qualification_by_urgency", condition=models.Q(archived_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"qualification #{self.pk}"
