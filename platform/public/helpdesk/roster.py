"""Who is on duty: shifts, gaps between them, and handing over to the next. Runs on the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.helpdesk import diary
from public.helpdesk.diary import Desk, Kind, require_desk
from public.helpdesk.locking import RUNNING, words
from public.helpdesk.models import Handover, Shift, Ticket
from public.operators import api as operators
from public.operators.api import Me, Role

LOOK_AHEAD = timedelta(days=14)
_LONGEST, _MOST_DAYS = 24, 31


@dataclass(frozen=True, slots=True)
class Watch:
    """One shift, or a span in which nobody is on duty (``shift`` None)."""

    starts_at: datetime
    ends_at: datetime
    name: str = ""
    shift: Shift | None = None
    is_now: bool = False


def on_duty(at: datetime) -> Me | None:
    """Return who answers at a moment, None where the roster has a gap or the person may not sign in any more; two queries."""
    shift = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at).first()
    if shift is None:
        return None
    return next((one for one in operators.colleagues(Role.OPERATIONS) if one.credential_id == shift.credential_id), None)


def next_on_duty(at: datetime, *, besides: int) -> Me | None:
    """Return who of the others begins the next shift, within two days."""
    rows = Shift.objects.filter(starts_at__gt=at - timedelta(hours=1), starts_at__lte=at + timedelta(days=2)).exclude(
        credential_id=besides
    )
    shift = rows.order_by("starts_at").first()
    return next(
        (one for one in operators.colleagues(Role.OPERATIONS) if shift and one.credential_id == shift.credential_id), None
    )


def plan(*, at: datetime, ahead: timedelta = LOOK_AHEAD) -> list[Watch]:
    """Return shifts and gaps from now on, in order."""
    end, moment = at + ahead, at
    names = {one.credential_id: one.name for one in operators.colleagues(Role.OPERATIONS)}
    found: list[Watch] = []
    for shift in Shift.objects.filter(ends_at__gt=at, starts_at__lt=end).order_by("starts_at"):
        if shift.starts_at > moment:
            found.append(Watch(moment, shift.starts_at))
        found.append(Watch(shift.starts_at, shift.ends_at, names.get(shift.credential_id, ""), shift, shift.starts_at <= at))
        moment = shift.ends_at
    if moment < end:
        found.append(Watch(moment, end))
    return found


def gaps(*, at: datetime, ahead: timedelta = timedelta(days=3)) -> list[Watch]:
    """Return the spans in which nobody is on duty."""
    return [one for one in plan(at=at, ahead=ahead) if one.shift is None]


@transaction.atomic
def arrange(*, person: int, starts_at: datetime, hours: int, days: int, desk: Desk) -> int:
    """Put somebody on duty, at the same time on several days; returns how many shifts that made. All of them or none.

    :raises DomainError: 403; 422 ``unknown_person``, ``wrong_span``, ``in_the_past``; 409 ``overlaps``
    """
    require_desk(desk)
    if all(one.credential_id != person for one in operators.colleagues(Role.OPERATIONS)):
        raise DomainError("unknown_person", _("请选择一位在岗的平台运营。"), status=422, field="person")
    if not (1 <= hours <= _LONGEST and 1 <= days <= _MOST_DAYS):
        raise DomainError("wrong_span", _("每班 1 到 24 小时，最多连排 31 天。"), status=422, field="hours")
    if starts_at < desk.at - timedelta(hours=_LONGEST):
        raise DomainError("in_the_past", _("请选择今天或以后的时间。"), status=422, field="day")
    spans = [(starts_at + timedelta(days=day), starts_at + timedelta(days=day, hours=hours)) for day in range(days)]
    try:
        with transaction.atomic():
            Shift.objects.bulk_create(
                Shift(credential_id=person, starts_at=start, ends_at=end, by=desk.actor, at=desk.at) for start, end in spans
            )
    except IntegrityError as error:
        raise DomainError("overlaps", _("与已有的班次重叠，请先移除那个班次或换时间。"), status=409, field="starts") from error
    diary.log(desk, "help.shift", target=f"operator:{person}", shifts=len(spans))
    return len(spans)


@transaction.atomic
def remove(*, shift: int, desk: Desk) -> None:
    """Take a shift out that has not ended; one that runs ends now.

    :raises DomainError: 403; 404 ``not_found``
    """
    require_desk(desk)
    row = Shift.objects.select_for_update().filter(pk=shift, ends_at__gt=desk.at).first()
    if row is None:
        raise DomainError("not_found", _("这个班次已结束或已移除。"), status=404)
    if row.starts_at < desk.at:
        row.ends_at = desk.at
        row.save(update_fields=["ends_at"])
    else:
        row.delete()
    diary.log(desk, "help.shift_removed", target=f"operator:{row.credential_id}")


@transaction.atomic
def hand_over(*, to: int, note: str, desk: Desk) -> Handover:
    """Leave the own running tickets to the next, with words; they change hands when the next takes over. Until then another may be named:
    whoever does not come must not keep them.

    :raises DomainError: 403; 409 ``waiting``; 422 ``unknown_person``, ``text_missing``
    """
    require_desk(desk)
    if to == desk.me.credential_id or all(one.credential_id != to for one in operators.colleagues(Role.OPERATIONS)):
        raise DomainError("unknown_person", _("请选择接班的同事。"), status=422, field="to")
    note = words(note, field="note", message=_("请写交班说明：还有什么要盯，没有就写“无”。"), least=1)
    open_one = Handover.objects.select_for_update().filter(from_id=desk.me.credential_id, taken_at=None).first()
    if open_one is not None and open_one.to_id == to:
        raise DomainError("waiting", _("您已交班，正等同事接班。对方来不了时，可以改交给另一位同事。"), status=409)
    row = open_one or Handover(from_id=desk.me.credential_id)
    row.to_id, row.note, row.at = to, note[:2000], desk.at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # handed over in two windows at once
        raise DomainError("waiting", _("您已交班，正等同事接班。对方来不了时，可以改交给另一位同事。"), status=409) from error
    diary.log(desk, "help.handed_over", target=f"operator:{to}")
    return row


@transaction.atomic
def take_over(*, handover: int, desk: Desk) -> int:
    """Take what was handed over to oneself; returns how many tickets that is.

    :raises DomainError: 403; 404 ``not_found``
    """
    require_desk(desk)
    row = Handover.objects.select_for_update().filter(pk=handover, to_id=desk.me.credential_id, taken_at=None).first()
    if row is None:
        raise DomainError("not_found", _("没有等您接手的交班，请刷新页面。"), status=404)
    tickets = list(Ticket.objects.select_for_update().filter(assignee_id=row.from_id, state__in=RUNNING))
    for ticket in tickets:
        ticket.assignee_id = desk.me.credential_id
        ticket.save(update_fields=["assignee_id"])
        diary.by_desk(ticket, Kind.TAKEN, desk)
    row.taken_at, row.moved = desk.at, len(tickets)
    row.save(update_fields=["taken_at", "moved"])
    return len(tickets)


def waiting_for(person: int) -> Sequence[Handover]:
    """Return what was handed over to somebody and not taken yet."""
    return list(Handover.objects.filter(to_id=person, taken_at=None).order_by("at"))


def recent(most: int = 10) -> Sequence[Handover]:
    """Return the last hand-overs."""
    return list(Handover.objects.order_by("-at")[:most])
