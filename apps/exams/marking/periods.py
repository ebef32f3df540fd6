"""Which periods hold, and changing them: a new row from a day on; what was promised earlier stays."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.marking import rules
from apps.exams.marking.models import MarkingRule
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit

BOUNDS = {"appeal_days": (3, 90), "decide_days": (1, 20), "mark_days": (1, 20)}


def on(day: date) -> rules.Periods:
    """Return the periods in force on a day, in one query."""
    return rules.in_force(history(), day)


def history() -> list[MarkingRule]:
    """Return all rows, oldest first."""
    return list(MarkingRule.objects.order_by("valid_from", "pk"))


@transaction.atomic
def change(
    *, appeal_days: int, decide_days: int, mark_days: int, valid_from: date, by: people.ManagerView, at: datetime
) -> MarkingRule:
    """Set other periods from a day on, today at the earliest.

    :raises DomainError: ``in_the_past``, ``days`` (out of the bounds)
    """
    if valid_from < clock.shanghai_date(at):
        words = _("新规则最早从今天开始生效，以前的结果按当时的规则处理。")
        raise DomainError("in_the_past", words, field="valid_from")
    values = {"appeal_days": appeal_days, "decide_days": decide_days, "mark_days": mark_days}
    for name, value in values.items():
        low, high = BOUNDS[name]
        if not low <= value <= high:
            raise DomainError("days", _("请填 %(low)d 到 %(high)d 之间的整数。") % {"low": low, "high": high}, field=name)
    row = MarkingRule.objects.create(**values, valid_from=valid_from, by_name=by.name, at=at)
    audit.record("exams.marking_rule", actor=f"manager:{by.id}", target=f"rule:{row.pk}", at=at, periods=values)
    return row
