"""Waking a worker from within a request. The bell may be lost, for the broker may be away: who rings says what then, or a schedule looks anew."""

import logging
from collections.abc import Callable
from typing import Any

import kombu.exceptions
from celery import Task
from django.db import transaction
from redis.exceptions import RedisError

from tenants.headers import HEADER
from tenants.scope import require

log = logging.getLogger("anxue.tenants")
AWAY = (kombu.exceptions.OperationalError, RedisError)
"""What is raised where no broker answers."""


def ring(task: Task[Any, Any], *args: Any, schema: str = "") -> bool:
    """Send a task now; False, and a line in the log, where no broker answers.

    :param schema: the place it is for; by default the one that the caller stands in
    """
    try:
        task.apply_async(args, headers={HEADER: schema or require().schema})
    except AWAY as error:
        log.warning("%s was not sent (%s): a schedule, or who rang, looks after it", task.name, type(error).__name__)
        return False
    return True


def ring_later(task: Task[Any, Any], *args: Any, otherwise: Callable[[], object] | None = None) -> None:
    """Send a task once the caller's transaction is committed, to the place that the caller stands in now.

    :param otherwise: called where no broker answers
    """
    schema = require().schema

    def wake() -> None:
        if not ring(task, *args, schema=schema) and otherwise is not None:
            otherwise()

    transaction.on_commit(wake)
