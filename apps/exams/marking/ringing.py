"""The doorbell for proposals that concern many tries."""

import logging

import kombu.exceptions
from django.db import transaction
from redis.exceptions import RedisError

from tenants.api import require
from tenants.headers import HEADER

log = logging.getLogger(__name__)
AT_ONCE = 20
"""Tries that are corrected within the request; more are left to a worker."""


def ring(proposal_id: int) -> None:
    """Wake a worker after the commit. Without a broker nothing is lost: the schedule looks for unfinished proposals."""
    schema = require().schema
    transaction.on_commit(lambda: _send(schema, proposal_id))


def _send(schema: str, proposal_id: int) -> None:
    from apps.exams.marking.tasks import carry_out

    try:
        carry_out.apply_async((proposal_id,), headers={HEADER: schema})
    except (kombu.exceptions.OperationalError, RedisError):
        log.warning("no broker: the proposal waits for the schedule")
