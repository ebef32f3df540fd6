"""Sending: take a parcel under a lease, carry it outside any transaction, write down what became of it.

Whatever dies in between, the parcel is sent again by the same message: the receiver knows it by its id, and each record by its own.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from infra.kit.marking import PERSONS, PLAIN
from public.audit import api as audit
from public.regulators.exchange import parcels, receipts, rules
from public.regulators.exchange.models import Delivery, Parcel, Partner
from public.regulators.exchange.partners import line_of
from public.regulators.ports import CARRIER, Answer, NotCarried

log = logging.getLogger("anxue.exchange")
_RECEIPTS_WITHIN, _COLLECT_AT_ONCE = timedelta(days=7), 500


@dataclass(frozen=True, slots=True)
class Went:
    """How one turn went: records sent, records answered for good, and whether another turn may find more."""

    sent: int = 0
    answered: int = 0
    has_more: bool = False


def due(*, at: datetime) -> list[int]:
    """Return the partners that something waits for and that may be called now."""
    return list(_callable(at).filter(_has_work(at)).order_by("next_at").values_list("pk", flat=True))


def _callable(at: datetime) -> QuerySet[Partner]:
    active = Partner.objects.filter(state=Partner.State.ACTIVE, next_at__lte=at).exclude(channel=Partner.Channel.PULL)
    return active.filter(Q(lease_until=None) | Q(lease_until__lte=at))


def _has_work(at: datetime) -> Q:
    waiting = Delivery.objects.filter(partner=OuterRef("pk"), state=Delivery.State.WAITING)
    again = Parcel.objects.filter(partner=OuterRef("pk"), state=Parcel.State.OPEN, next_at__lte=at)
    return Q(Exists(waiting)) | Q(Exists(again)) | Q(filled_to__lt=F("fill_until"))


def push_one(partner_id: int, *, at: datetime) -> Went | None:
    """Send one parcel to a partner; None when there is nothing, or nobody may call it now."""
    taken = _take(partner_id, at)
    if taken is None:
        return None
    partner, parcel = taken
    rows = parcels.contents(parcel)
    try:
        answer = _carried(partner, parcel, rows, at)
    except NotCarried as error:
        _failed(partner, parcel, error, sent=len(rows), at=at)
        return Went(sent=len(rows), has_more=not error.is_down)
    return _answered(partner, parcel, answer, sent=len(rows), at=at)


@transaction.atomic
def _take(partner_id: int, at: datetime) -> tuple[Partner, Parcel] | None:
    partner = _callable(at).select_for_update(skip_locked=True).filter(pk=partner_id).first()
    if partner is None:
        return None
    parcel = parcels.next_parcel(partner, at=at)
    if parcel is None:
        return None
    partner.lease_until = at + rules.LEASE
    partner.save(update_fields=["lease_until"])
    return partner, parcel


def _carried(partner: Partner, parcel: Parcel, rows: list[Delivery], at: datetime) -> Answer:
    if not rows:  # everything was answered by receipts that came by themselves
        return Answer([])
    line = line_of(partner, at=at)
    try:
        said = parcels.document(parcel, rows, partner=partner, keys=line.keys, at=at)
    except ValueError as error:
        raise NotCarried("bad_key", is_down=False) from error
    return CARRIER.get().send(line, said, at=at)


def _answered(partner: Partner, parcel: Parcel, answer: Answer, *, sent: int, at: datetime) -> Went:
    with transaction.atomic():
        is_done = receipts.settle(partner, parcel, answer.receipts, is_later=answer.is_later, at=at)
        if not is_done:
            _again(parcel, NotCarried("no_receipts", is_down=False), at)
        _free(partner, problem="" if is_done else "no_receipts", failures=0, next_at=at, heard_at=at)
        if sent:  # of a parcel that was answered meanwhile nothing went out
            _note(partner, parcel, at, rows=sent, answer="ok", receipts=len(answer.receipts))
    return Went(sent, len(answer.receipts), has_more=True)


def _failed(partner: Partner, parcel: Parcel, error: NotCarried, *, sent: int, at: datetime) -> None:
    """An outage makes the whole partner wait; a refusal only this parcel."""
    with transaction.atomic():
        _again(parcel, error, at)
        failures = partner.failures + 1 if error.is_down else 0
        wait = max(rules.pause(failures), _seconds(error.after_s)) if error.is_down else _seconds(0)
        _free(partner, problem=error.code, failures=failures, next_at=at + wait)
        _note(partner, parcel, at, rows=sent, result=audit.Result.FAILED, answer=error.code)
    log.warning("exchange: parcel to %s not carried: %s", partner.code, error.code)


def _seconds(n: int) -> timedelta:
    return timedelta(seconds=min(n, rules.LONGEST_PAUSE_S))


def _again(parcel: Parcel, error: NotCarried, at: datetime) -> None:
    """Put a parcel off, or on the desk when it was tried often enough."""
    parcel.tries += 1
    parcel.problem = error.code
    parcel.next_at = at if error.is_down else at + rules.refused_pause(parcel.tries)
    if rules.is_stuck(tries=parcel.tries, made_at=parcel.made_at, at=at, is_down=error.is_down):
        parcel.state = Parcel.State.STUCK
        rows = Delivery.objects.filter(parcel=parcel, state=Delivery.State.SENT)
        rows.update(state=Delivery.State.STUCK, code=error.code)
    parcel.save(update_fields=["tries", "problem", "next_at", "state"])


def _free(partner: Partner, **values: object) -> None:
    Partner.objects.filter(pk=partner.pk).update(lease_until=None, **values)
    for name, value in values.items():
        setattr(partner, name, value)


def _note(partner: Partner, parcel: Parcel, at: datetime, *, rows: int, result: str = audit.Result.DONE, **facts: Any) -> None:
    """Write every call into the log of what goes out (clause 五.4), those too that did not arrive."""
    audit.exchanged(
        "exchange.out",
        audit.Direction.OUT,
        actor="platform",
        target=f"partner:{partner.uuid}",
        at=at,
        party=partner.party,
        what="records",
        rows=rows,
        label=PERSONS.code,
        result=result,
        message=str(parcel.uuid),
        **facts,
    )


def collect(*, at: datetime) -> int:
    """Fetch receipts that partners lay down beside our files; return how many records they settle."""
    rows = Parcel.objects.filter(
        state=Parcel.State.DONE, partner__channel=Partner.Channel.FILES, done_at__gte=at - _RECEIPTS_WITHIN
    )
    rows = rows.filter(partner__state=Partner.State.ACTIVE, deliveries__state=Delivery.State.SENT).distinct().order_by("pk")
    return sum(_collected(row, at) for row in list(rows.select_related("partner")[:_COLLECT_AT_ONCE]))


def _collected(parcel: Parcel, at: datetime) -> int:
    try:
        found = CARRIER.get().collect(line_of(parcel.partner, at=at), str(parcel.uuid), at=at)
    except NotCarried as error:
        log.warning("exchange: receipts of %s not fetched: %s", parcel.partner.code, error.code)
        return 0
    if found is None:
        return 0
    with transaction.atomic():
        changed = receipts.apply(parcel.partner, found, at=at)
        _free_heard(parcel.partner, at)
        _fetched(parcel.partner, parcel, at, rows=len(found), changed=changed)
    return changed


def _fetched(partner: Partner, parcel: Parcel, at: datetime, *, rows: int, changed: int) -> None:
    """Write down that receipts came in which lay beside our files."""
    audit.exchanged(
        "exchange.in.receipts",
        audit.Direction.IN,
        actor="platform",
        target=f"partner:{partner.uuid}",
        at=at,
        party=partner.party,
        what="receipts",
        rows=rows,
        label=PLAIN.code,
        message=str(parcel.uuid),
        changed=changed,
    )


def _free_heard(partner: Partner, at: datetime) -> None:
    Partner.objects.filter(pk=partner.pk).update(heard_at=at)
