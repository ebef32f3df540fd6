"""The bell of the sealer: one ring of an enterprise for all entries of the next seconds."""

import logging

from celery import current_app
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger("anxue.records")
WAIT_S = 15
"""Entries of so many seconds share one head; with sealing itself they are provable well within a minute."""


def ring() -> None:
    """Have the current enterprise's ledger sealed soon; call it after the commit.

    A bell that is lost costs nothing but time: `records.seal_everywhere` looks at every enterprise each half hour.
    """
    try:
        if cache.add("records:seal", value=True, timeout=WAIT_S):
            current_app.send_task("records.seal", countdown=WAIT_S)
    except (RedisError, OperationalError):
        log.warning("the sealer could not be called: the next round will find the entry")
