"""The bell of the sealer: one ring of an enterprise for all entries of the next seconds."""

import logging
import time

from celery import current_app
from django.core.cache import cache

from tenants.headers import HEADER
from tenants.ringing import AWAY
from tenants.scope import require

log = logging.getLogger("anxue.records")
_KEY = "records:seal"
WAIT_S = 15
"""Entries of so many seconds share one head; with sealing itself they are provable well within a minute."""
_SURE_S = 10
"""So long after a ring its seal has not begun yet, whatever the clocks of two servers say."""
_rung: dict[str, float] = {}


def ring() -> None:
    """Have the current enterprise's ledger sealed soon; call it after the commit.

    A bell that is lost costs nothing but time: `records.seal_everywhere` looks at every enterprise each half hour.
    """
    schema, now = require().schema, time.time()
    if 0 <= now - _rung.get(schema, 0) < _SURE_S:
        return
    try:
        if cache.add(_KEY, now, timeout=WAIT_S):
            current_app.send_task("records.seal", countdown=WAIT_S, headers={HEADER: schema})
            _rung[schema] = now
        else:
            _rung[schema] = float(cache.get(_KEY) or 0)
    except AWAY:
        log.warning("the sealer could not be called: the next round will find the entry")
