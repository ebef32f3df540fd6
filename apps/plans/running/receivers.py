"""News from other rooms that plans follow."""

import logging
from typing import Any

import kombu.exceptions
from redis.exceptions import RedisError

from apps.people import api as people

log = logging.getLogger(__name__)


def connect() -> None:
    """Listen, from start on."""
    people.learners_changed.connect(follow_people, dispatch_uid="plans.follow_people")


def follow_people(**_about: Any) -> None:
    """Ring for the rules. Without a broker nobody is lost: they are gone through every night."""
    from apps.plans.tasks import follow_rules

    try:
        follow_rules.delay()
    except (kombu.exceptions.OperationalError, RedisError):
        log.warning("no broker: assignment rules wait for the night")
