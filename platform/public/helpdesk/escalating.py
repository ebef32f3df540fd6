"""The clock of tickets: the desk is told at 50, 80 and 100 percent, once each; a question nobody says more to is closed after a week."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from public.audit import api as audit
from public.helpdesk import diary, handling, roster, rules, telling
from public.helpdesk.diary import SYSTEM, Kind
from public.helpdesk.locking import State
from public.helpdesk.models import Ticket

_LATE = 100


def percent_of(row: Ticket, at: datetime) -> int:
    """Return how much of a running ticket's time is over; while it waits for its asker, as when it began to wait."""
    return rules.share(start=row.clock_from, due=row.due_at, at=row.paused_at or at)


def watch(*, at: datetime) -> int:
    """Tell of tickets that have come to another stage; returns how many. An hour in which nothing ran is made up for."""
    _give_to_duty(at)
    running = Ticket.objects.filter(state__in=[State.NEW, State.OPEN], stage__lt=_LATE).order_by("due_at")
    waiting = Ticket.objects.filter(state=State.WAITING, paused_at__lte=at - rules.GIVE_UP_AFTER)
    given_up = sum(_give_up(pk, at) for pk in list(waiting.values_list("pk", flat=True)))
    due = [row.pk for row in running if rules.stage(percent_of(row, at)) > row.stage]
    return given_up + sum(_one(pk, at) for pk in due)


@transaction.atomic
def _give_to_duty(at: datetime) -> None:
    """What came while nobody was on duty goes to whoever is now."""
    waiting = Ticket.objects.select_for_update(skip_locked=True).filter(state=State.NEW, assignee_id=None)
    rows = list(waiting)
    duty = roster.on_duty(at) if rows else None
    if duty is None:
        return
    for row in rows:
        row.assignee_id = duty.credential_id
        row.save(update_fields=["assignee_id"])
        diary.by_system(row, Kind.ASSIGNED, at=at, text=duty.name)


@transaction.atomic
def _one(pk: int, at: datetime) -> int:
    row = Ticket.objects.select_for_update(skip_locked=True).filter(pk=pk, state__in=[State.NEW, State.OPEN]).first()
    stage = rules.stage(percent_of(row, at)) if row else 0
    if row is None or stage <= row.stage:
        return 0
    row.stage = stage
    row.save(update_fields=["stage"])
    words = _("已超过承诺的解决时限") if stage >= _LATE else _("承诺时间已过 %(n)d%%") % {"n": stage}
    diary.by_system(row, Kind.ESCALATED, at=at, text=words)
    if stage >= _LATE:
        audit.record("help.late", actor=SYSTEM, target=f"ticket:{row.uuid}", at=at, number=row.number)
    return 1


@transaction.atomic
def _give_up(pk: int, at: datetime) -> int:
    row = Ticket.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.WAITING).first()
    if row is None:
        return 0
    handling.close(row, by=SYSTEM, at=at)
    diary.by_system(row, Kind.SOLVED, at=at, text=_("7 天没有收到补充说明，先结束。7 天内点“还没解决”可以继续。"), shown=True)
    telling.leave(row, telling.SOLVED)
    return 1
