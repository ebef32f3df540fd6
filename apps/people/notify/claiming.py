"""Taking deliveries out of the queue: each is held by one worker for two minutes, and a worker that dies gives it back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.people.models import Delivery, SmsDay
from apps.people.notify import choosing, rules
from infra.kit import clock

State, Channel = Delivery.State, Delivery.Channel
OPEN = (State.WAITING, State.FAILED, State.SENDING)
MOST_IN_DIGEST = 100


def due(at: datetime) -> QuerySet[Delivery]:
    """Return what may be tried now, the longest waiting first."""
    return Delivery.objects.filter(state__in=OPEN, next_at__lte=at).order_by("next_at", "id")


@transaction.atomic
def claim(*, at: datetime) -> list[Delivery]:
    """Take one delivery, or all of one person's digest on one channel, marked as being sent; [] when nothing is due.

    Two workers never get the same (``SKIP LOCKED``). A delivery that another worker took and never finished comes back
    after ``rules.LEASE``: once more, and no third time.
    """
    rows = due(at).select_for_update(skip_locked=True, of=("self",)).select_related("notice", "robot")
    while (first := rows.first()) is not None:
        batch = [first, *_siblings(first, at)] if first.in_digest else [first]
        held = [row for row in batch if _hold(row, at)]
        if held:
            return held
    return []


def _siblings(first: Delivery, at: datetime) -> list[Delivery]:
    """Return what goes with it in one digest: the same person, channel and state of affairs."""
    said = first.notice
    same = Q(channel=first.channel, robot=first.robot_id, in_digest=True)
    if first.robot_id is None:
        same &= Q(notice__learner=said.learner_id, notice__manager=said.manager_id)
    rows = due(at).filter(same).exclude(pk=first.pk).exclude(state=State.SENDING)
    return list(rows.select_for_update(skip_locked=True, of=("self",)).select_related("notice", "robot")[: MOST_IN_DIGEST - 1])


def _hold(row: Delivery, at: datetime) -> bool:
    """Mark one as being sent; False where it is not to be sent any more."""
    if row.state == State.SENDING:
        row.lost += 1
        row.code = "outcome_unknown"
    if row.lost > 1 or at - row.at > rules.TOO_LATE:
        row.state, row.code = State.GIVEN_UP, "outcome_unknown" if row.lost > 1 else "stale"
        row.save(update_fields=["state", "code", "lost"])
        return False
    row.state, row.tries, row.next_at = State.SENDING, row.tries + 1, at + rules.LEASE
    row.save(update_fields=["state", "tries", "next_at", "lost", "code"])
    return True


@transaction.atomic
def may_spend(parts: int, *, at: datetime) -> bool:
    """Count text messages against today's limit of the enterprise; False, and nothing counted, where they do not fit."""
    today, limit = clock.shanghai_date(at), choosing.settings_of().sms_per_day
    SmsDay.objects.get_or_create(day=today)
    return bool(SmsDay.objects.filter(day=today, used__lte=limit - parts).update(used=F("used") + parts))


def tomorrow(at: datetime) -> datetime:
    """Return when text messages may go on that did not fit into today's limit."""
    chosen = choosing.settings_of()
    begins = clock.shanghai_midnight(clock.shanghai_date(at) + timedelta(days=1))
    return rules.after_quiet(begins, chosen.quiet_from, chosen.quiet_to)


def sent(rows: list[Delivery], *, at: datetime) -> None:
    """Write down that a message has left."""
    _mine(rows).update(state=State.SENT, code="", sent_at=at)


def failed(rows: list[Delivery], *, code: str, again: bool, at: datetime, after_s: int = 0) -> None:
    """Write down that a message was not taken, and when the next try is."""
    for row in rows:
        next_at = rules.next_try(row.tries, at, after_s=after_s) if again else None
        if next_at is None:
            _mine([row]).update(state=State.GIVEN_UP, code=code)
        else:
            _mine([row]).update(state=State.FAILED, code=code, next_at=next_at)


def postponed(rows: list[Delivery], *, code: str, until: datetime) -> None:
    """Put back what was not tried at all; that is no failure."""
    _mine(rows).update(state=State.WAITING, code=code, next_at=until, tries=F("tries") - 1)


def _mine(rows: list[Delivery]) -> QuerySet[Delivery]:
    """Return those rows that nobody else has taken since: a worker that came back too late changes nothing."""
    same = Q(pk__in=[])
    for row in rows:
        same |= Q(pk=row.pk, tries=row.tries, state=State.SENDING)
    return Delivery.objects.filter(same)
