"""What people of the platform are told of a load that is too high: operations and the system's administrator, once a level."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from infra.kit.labels import Category, Level, label
from infra.kit.marking import PLAIN
from public.load.models import LoadNow, Meter
from public.load.rules import share
from public.load.words import LEVELS, amount, percent
from public.operators import api as operators

KIND = "load.warning"
_READERS = ((operators.Role.OPERATIONS, PLAIN), (operators.Role.SYSTEM, label(Level.INTERNAL, Category.SECURITY)))


def tell(*, episode: UUID, meter: str, level: str, value: float, designed: float, at: datetime) -> int:
    """Tell everybody whose work it is, within the transaction of the warning; returns how many were told."""
    facts = {"episode": str(episode), "meter": meter, "level": level, "value": value, "design": designed}
    about = f"load:{episode}:{level}"
    return sum(operators.tell(role=role, label=of, kind=KIND, about=about, facts=facts, at=at) for role, of in _READERS)


def words(facts: Mapping[str, Any]) -> operators.Words:
    """Return what is said of a warning."""
    meter = facts["meter"]
    said = {
        "meter": Meter(meter).label,
        "level": LEVELS[facts["level"]][1],
        "percent": percent(share(facts["value"], facts["design"])),
        "value": amount(facts["value"], meter),
        "design": amount(facts["design"], meter),
    }
    title = _("负荷%(level)s：%(meter)s已达设计值的 %(percent)s") % said
    text = _("%(meter)s现为 %(value)s，设计负荷 %(design)s。请查看趋势，安排扩容或限流，并写下处置情况。") % said
    return operators.Words(title, text, reverse("desk-load"), _("系统负荷"))


def is_due(facts: Mapping[str, Any]) -> bool:
    """Say whether the warning is still open, before a mail leaves."""
    return LoadNow.objects.filter(episode=facts["episode"]).exclude(level="").exists()
