"""Doorbells of the exchange; all of them stand on the platform and are safe to repeat."""

from celery import shared_task
from django.db.models import F

from infra.kit import clock
from public.regulators.exchange import pushing, queueing, reconciling, rules, thinning
from public.regulators.exchange.models import Partner


@shared_task(name="exchange.pump")
def pump() -> int:
    """Give new records to the partners and call those that wait for something; returns how many records were new."""
    taken = 0
    while some := queueing.enqueue():
        taken += some
        if some < rules.QUEUE_AT_ONCE:
            break
    for partner_id in pushing.due(at=clock.now()):
        push.delay(partner_id)
    return taken


@shared_task(name="exchange.push")
def push(partner_id: int) -> int:
    """Send what waits for one partner, at most so many parcels that the task ends soon; returns how many records were answered."""
    queueing.look_back(partner_id)
    answered = 0
    for _turn in range(rules.PARCELS_AT_ONCE):
        went = pushing.push_one(partner_id, at=clock.now())
        if went is None or not went.has_more:
            break
        answered += went.answered
    return answered


@shared_task(name="exchange.reconcile")
def reconcile() -> int:
    """Close the days that are over: statistics, gaps, a file for each partner; returns how many files were made."""
    return reconciling.close_days(at=clock.now())


@shared_task(name="exchange.send_days")
def send_days() -> int:
    """Carry the days' files that wait; returns how many were answered."""
    return reconciling.send_days(at=clock.now())


@shared_task(name="exchange.look_back")
def look_back() -> int:
    """Go on giving older records to partners that were opened lately; returns how many partners have more to come."""
    rows = Partner.objects.exclude(state=Partner.State.CLOSED).filter(filled_to__lt=F("fill_until")).order_by("pk")
    return sum(_looked_back(pk) for pk in list(rows.values_list("pk", flat=True)))


def _looked_back(partner_id: int) -> bool:
    """Look through a million ids at most, so that a task ends soon."""
    return all(queueing.look_back(partner_id) for _turn in range(rules.LOOKS_AT_ONCE))


@shared_task(name="exchange.collect")
def collect() -> int:
    """Fetch receipts that lie beside our files; returns how many records they settle."""
    return pushing.collect(at=clock.now())


@shared_task(name="exchange.thin")
def thin() -> int:
    """Let settled deliveries go that are past their months; returns how many."""
    return thinning.thin(at=clock.now())
