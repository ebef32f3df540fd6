"""Carrying deliveries away. Nothing is held in the database while the other side is asked.

Order of a try: claim and commit, send, write down. A worker that dies in between leaves the delivery to be sent again with the same
``webhook-id``: the other side gets everything at least once, and knows repeats by the id. Order is not promised.
"""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.openapi.hooks import addressing, kinds, rules, signing, stopping
from apps.openapi.hooks.ports import CARRIER, Answer, NotReached
from apps.openapi.models import Hook, HookDelivery
from apps.people import api as people
from apps.records import api as records
from infra.kit import canonical
from tenants.api import current_site

log = logging.getLogger("anxue.openapi")
State = HookDelivery.State
OPEN = (State.WAITING, State.FAILED, State.SENDING)
MOST, TURN_S = 100, 45.0
UNSENT = frozenset({"entry_gone", "withheld"})
"""Why a delivery is given up by ourselves, of which the hook knows nothing."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What came of a try; ``code`` "" when it was taken. ``status`` None: nobody answered."""

    code: str
    status: int | None
    took_ms: int
    after_s: int = 0

    @property
    def is_about_the_hook(self) -> bool:
        """Whether the other news of this hook would fare no better now."""
        return bool(self.code) and self.code not in UNSENT and (self.status is None or self.status in rules.BUSY)


def due(at: datetime) -> QuerySet[HookDelivery]:
    """Return what may be tried now, the longest waiting first."""
    return HookDelivery.objects.filter(state__in=OPEN, next_at__lte=at).order_by("next_at", "id")


def deliver(*, at: datetime, most: int = MOST) -> int:
    """Try what is due, at most ``most`` and for ``TURN_S``; returns how many were tried. A hook that is not reached is left alone.

    The turn ends soon enough that ``at`` still is the time of the last try: it is signed, and the lease counts from it.
    """
    end = time.monotonic() + TURN_S
    for done in range(most):
        row = claim(at=at) if time.monotonic() < end else None
        if row is None:
            return done
        said = _try(row, at)
        if said.code:
            log.info("hook not told: %s %s, try %d", kinds.event(row.kind), said.code, row.tries)
        settle(row, said, at=at)
    return most


@transaction.atomic
def claim(*, at: datetime) -> HookDelivery | None:
    """Take one delivery, marked as being sent; two workers never get the same (``SKIP LOCKED``). None when nothing is due."""
    rows = due(at).select_related("hook").select_for_update(skip_locked=True, of=("self",))
    while (row := rows.first()) is not None:
        if not row.hook.is_on:
            _end(row, "hook_off")
        elif row.tries > len(rules.BACK_OFF):  # its last try never reported back
            _end(row, "outcome_unknown")
        else:
            row.state, row.tries, row.next_at = State.SENDING, row.tries + 1, at + rules.LEASE
            row.save(update_fields=["state", "tries", "next_at"])
            return row
    return None


def _end(row: HookDelivery, code: str) -> None:
    row.state, row.code = State.GIVEN_UP, code
    row.save(update_fields=["state", "code"])


def _try(row: HookDelivery, at: datetime) -> _Said:
    if row.subject is not None and row.subject in people.withheld():
        return _Said("withheld", None, 0)
    body = body_of(row)
    if body is None:
        return _Said("entry_gone", None, 0)
    words = addressing.secrets_of(row.hook, at=at)
    heads = signing.headers(words, of=str(row.uuid), timestamp=int(at.timestamp()), body=body)
    try:
        answer = CARRIER.get().post(row.hook.url, body=body, headers=heads)
    except NotReached as error:
        return _Said(error.code, None, error.took_ms)
    return _meaning(answer)


def _meaning(answer: Answer) -> _Said:
    if rules.is_taken(answer.status):
        return _Said("", answer.status, answer.took_ms)
    code = "gone" if answer.status == rules.GONE else "redirect" if 300 <= answer.status < 400 else "refused"
    return _Said(code, answer.status, answer.took_ms, answer.after_s)


def body_of(row: HookDelivery) -> bytes | None:
    """Return what is sent: the same bytes at each try, for the entry never changes. None where it is not in the ledger any more."""
    data: dict[str, Any] = {"enterprise_id": str(current_site().uuid)}
    if row.entry is not None:
        found = records.entries([row.entry]).get(row.entry)
        if found is None:
            return None
        subject, entry = found
        data |= {"learner_id": str(subject), "n": entry.n, "hash": entry.hash_hex, **kinds.told(row.kind, entry.body)}
    happened = row.happened_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return canonical.encode({"id": str(row.uuid), "type": kinds.event(row.kind), "timestamp": happened, "data": data})


@transaction.atomic
def settle(row: HookDelivery, said: _Said, *, at: datetime) -> None:
    """Write down what came of a try, unless somebody else has taken the delivery since: a worker that came back too late changes nothing."""
    mine = HookDelivery.objects.filter(pk=row.pk, tries=row.tries, state=State.SENDING)
    facts: dict[str, Any] = {"code": said.code, "status": said.status, "took_ms": said.took_ms}
    if not said.code:
        mine.update(state=State.SENT, sent_at=at, **facts)
        Hook.objects.filter(pk=row.hook_id, failing_since__isnull=False).update(failing_since=None)
        return
    next_at = None if said.code in UNSENT else rules.next_try(row.tries, at, after_s=said.after_s)
    if next_at is None:
        mine.update(state=State.GIVEN_UP, **facts)
    else:
        mine.update(state=State.FAILED, next_at=next_at, **facts)
    if said.code not in UNSENT:
        stopping.note_failure(row.hook_id, code=said.code, is_down=said.is_about_the_hook, after_s=said.after_s, at=at)


def next_due(*, at: datetime) -> int | None:
    """Return in how many seconds the next delivery is due, at least 1; None when none waits."""
    first = HookDelivery.objects.filter(state__in=OPEN).order_by("next_at").values_list("next_at", flat=True).first()
    return max(1, int((first - at).total_seconds()) + 1) if first else None
