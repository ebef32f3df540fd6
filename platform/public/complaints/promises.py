"""Promised times: which hold, and how operations change them from a day on."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.complaints import rules
from public.complaints.diary import Desk, require_desk
from public.complaints.models import Category, Promise
from public.complaints.shapes import PromiseView


def view_of(row: Promise) -> PromiseView:
    """Return the view of a row."""
    return PromiseView(
        row.pk, row.category, str(Category(row.category).label), row.valid_from, row.answer_minutes, row.office_only,
        row.settle_hours, row.settle_days, row.extend_days, row.hides_first,
    )  # fmt: skip


def promise(category: str, at: datetime) -> PromiseView:
    """Return the times of one category that hold on the day of ``at``; one query.

    :raises LookupError: there are none, which migrations rule out
    """
    rows = [view_of(row) for row in Promise.objects.filter(category=category)]
    return rules.holding(rows, clock.shanghai_date(at))


def holding(day: date) -> list[PromiseView]:
    """Return the times of every category that hold on a day, in the order of the categories; one query."""
    found: defaultdict[str, list[PromiseView]] = defaultdict(list)
    for row in Promise.objects.all():
        found[row.category].append(view_of(row))
    return [rules.holding(found[category], day) for category in Category.values if found[category]]


def coming(day: date) -> list[PromiseView]:
    """Return the times that begin to hold later, the nearest first."""
    return [view_of(row) for row in Promise.objects.filter(valid_from__gt=day).order_by("valid_from", "category")]


@transaction.atomic
def publish(
    *,
    category: str,
    valid_from: date,
    answer_minutes: int,
    office_only: bool,
    settle_hours: int | None,
    settle_days: int | None,
    extend_days: int,
    hides_first: bool,
    desk: Desk,
) -> PromiseView:
    """Let other times hold for a category from a day on, tomorrow at the earliest: today's complainants were promised today's.

    :raises DomainError: 403 ``forbidden``; 422 ``in_the_past``, ``one_unit``; 409 ``day_taken``
    """
    require_desk(desk)
    if valid_from <= clock.shanghai_date(desk.at):
        raise DomainError("in_the_past", _("新时限最早从明天开始生效。"), status=422, field="valid_from")
    if (settle_hours is None) == (settle_days is None):
        raise DomainError("one_unit", _("办结时限请填小时或工作日中的一项。"), status=422, field="settle_days")
    if Promise.objects.filter(category=category, valid_from=valid_from).exists():
        raise DomainError("day_taken", _("这一天已有新的时限，请换一天。"), status=409, field="valid_from")
    row = Promise.objects.create(
        category=Category(category), valid_from=valid_from, answer_minutes=answer_minutes, office_only=office_only,
        settle_hours=settle_hours, settle_days=settle_days, extend_days=extend_days, hides_first=hides_first,
        by=desk.actor, at=desk.at,
    )  # fmt: skip
    audit.record(
        "complaint.promise",
        actor=desk.actor,
        target=f"promise:{category}/{valid_from}",
        at=desk.at,
        ip=desk.ip,
        name=desk.me.name,
    )
    return view_of(row)
