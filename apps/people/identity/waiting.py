"""How a web thread waits for a face worker: a list in Valkey that the worker pushes to after its commit."""

import time
from uuid import UUID

from redis.exceptions import RedisError

from tenants import valkey

QUEUE = "face"
PATIENCE_S = 3.0
MOST_WAITING = 8
"""Longer queues are not waited for: they would hold all threads of the web."""
_STEP_S, _LIFE_S = 1.0, 60


def is_worth_it() -> bool:
    """Say whether the queue is short enough for an answer within three seconds."""
    try:
        return int(valkey.client().llen(QUEUE)) <= MOST_WAITING  # type: ignore[arg-type]
    except RedisError:
        return False


def wait(check: UUID) -> bool:
    """Return as soon as the check is judged, after 3 s at the latest; say whether it is."""
    until = time.monotonic() + PATIENCE_S
    try:
        while (left := until - time.monotonic()) > 0:
            if valkey.client().blpop([_key(check)], timeout=min(_STEP_S, left)):
                return True
    except RedisError:
        return False
    return False


def tell(check: UUID) -> None:
    """Wake whoever waits; nobody waiting is no trouble."""
    try:
        with valkey.client().pipeline(transaction=True) as pipe:
            pipe.lpush(_key(check), "judged")
            pipe.expire(_key(check), _LIFE_S)
            pipe.execute()
    except RedisError:
        return


def _key(check: UUID) -> str:
    return valkey.key("face", str(check))
