"""Promised hours: which hold, and how operations change them from a day on."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.helpdesk import diary, rules
from public.helpdesk.diary import Desk, require_desk
from public.helpdesk.models import Promise, Urgency
from public.helpdesk.shapes import PromiseView


def view_of(row: Promise) -> PromiseView:
    """Return the view of a row."""
    return PromiseView(row.pk, row.urgency, str(Urgency(row.urgency).label), row.valid_from, row.answer_minutes, row.settle_hours)


def promise(urgency: str, at: datetime) -> PromiseView:
    """Return the hours of one urgency that hold on the day of ``at``; one query.

    :raises LookupError: there are none, which migrations rule out
    """
    rows = [view_of(row) for row in Promise.objects.filter(urgency=urgency)]
    return rules.holding(rows, clock.shanghai_date(at))


def holding(day: date) -> list[PromiseView]:
    """Return the hours of every urgency that hold on a day, the most urgent first; one query."""
    found: defaultdict[str, list[PromiseView]] = defaultdict(list)
    for row in Promise.objects.all():
        found[row.urgency].append(view_of(row))
    return [rules.holding(found[urgency], day) for urgency in Urgency.values if found[urgency]]


def coming(day: date) -> list[PromiseView]:
    """Return the hours that begin to hold later, the nearest first."""
    return [view_of(row) for row in Promise.objects.filter(valid_from__gt=day).order_by("valid_from", "urgency")]


@transaction.atomic
def publish(*, urgency: str, valid_from: date, answer_minutes: int, settle_hours: int, desk: Desk) -> PromiseView:
    """Let other hours hold for an urgency from a day on, tomorrow at the earliest: today's askers were promised today's.

    :raises DomainError: 403 ``forbidden``; 422 ``in_the_past``, ``answer_too_late``; 409 ``day_taken``
    """
    require_desk(desk)
    if valid_from <= clock.shanghai_date(desk.at):
        raise DomainError("in_the_past", _("新时限最早从明天开始生效。"), status=422, field="valid_from")
    if answer_minutes > settle_hours * 60:
        raise DomainError("answer_too_late", _("首次答复不能晚于解决时限。"), status=422, field="answer_minutes")
    if Promise.objects.filter(urgency=urgency, valid_from=valid_from).exists():
        raise DomainError("day_taken", _("这一天已有新的时限，请换一天。"), status=409, field="valid_from")
    row = Promise.objects.create(
        urgency=Urgency(urgency),
        valid_from=valid_from,
        answer_minutes=answer_minutes,
        settle_hours=settle_hours,
        by=desk.actor,
        at=desk.at,
    )
    diary.log(desk, "help.promise", target=f"help-promise:{urgency}/{valid_from}")
    return view_of(row)
