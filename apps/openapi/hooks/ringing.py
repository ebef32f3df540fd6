"""The bell of the carrier: rung after the ledger grew, where the enterprise has hooks at all."""

import logging
import time

from celery import current_app
from django.core.cache import cache
from django.db import transaction

from apps.openapi.models import Hook
from tenants.headers import HEADER
from tenants.ringing import AWAY
from tenants.scope import require

log = logging.getLogger("anxue.openapi")
_KEY = "openapi:ring"
TASK = "openapi.send_hooks"
KNOWN_S, GATHERS_S, FARTHEST_S = 60.0, 2, 2100
"""How long a process believes that there are hooks or none; entries of so many seconds go together; a later try is left to the schedule."""
_known: dict[str, tuple[float, bool]] = {}


def ring_where_hooks_are() -> None:
    """Ring, unless this enterprise has no hook. What a process does not know yet is found by the schedule."""
    place, now = require(), time.monotonic()
    if place.is_platform:  # which has no ledger of its own
        return
    schema = place.schema
    until, has_any = _known.get(schema, (0.0, False))
    if now >= until:
        has_any = Hook.objects.filter(is_on=True).exists()
        _known[schema] = (now + KNOWN_S, has_any)
    if has_any:
        ring(after_s=GATHERS_S)


def ring_after_commit() -> None:
    """Ring when the transaction is done."""
    _known.pop(require().schema, None)
    transaction.on_commit(lambda: ring(after_s=0))


def ring(*, after_s: int) -> None:
    """Have the current enterprise's deliveries tried in so many seconds; a bell that is rung already is not rung again.

    One that is lost costs nothing but time: the schedule looks at every enterprise.
    """
    if after_s > FARTHEST_S:
        return
    try:
        if after_s == 0 or cache.add(f"{_KEY}:{'soon' if after_s <= GATHERS_S else 'later'}", 1, timeout=after_s):
            current_app.send_task(TASK, countdown=after_s, headers={HEADER: require().schema})
    except AWAY:
        log.warning("the carrier of hooks could not be called: the next round will find what waits")
