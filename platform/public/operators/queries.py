"""Reads of what was done."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from public.audit import api as audit

_WORDS = {
    "enterprise.verified": (_("已核实"), "proven"),
    "enterprise.suspended": (_("已停用"), "stop"),
    "enterprise.reopened": (_("已恢复使用"), "proven"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an object's history."""

    at: datetime
    title: str
    text: str
    tone: str


def history(target: str) -> list[Happening]:
    """Return what operators did to one object, newest first, at most 50."""
    return [_line(row) for row in audit.history(target)]


def _line(row: audit.Happening) -> Happening:
    title, tone = _WORDS.get(row.action, (row.action, "neutral"))
    words = [row.details.get("name", ""), row.details.get("reason", "")]
    return Happening(row.at, str(title), " · ".join(word for word in words if word), tone)
