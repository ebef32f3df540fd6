"""Rate limits in Valkey, counted across all processes (moving window)."""

import time
from functools import lru_cache

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from tenants.errors import TooMany, Unavailable


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2))


@lru_cache(maxsize=64)
def _item(rate: str) -> RateLimitItem:
    return parse(rate)


def spend(rate: str, *who: str) -> None:
    """Count one try, e.g. ``spend("5/hour", "sms", mobile_key)``.

    :raises TooMany: the rate is used up; says after how many seconds to try again
    :raises Unavailable: Valkey does not answer (the try is refused: limits protect people from being billed and guessed)
    """
    item = _item(rate)
    try:
        if _limiter().hit(item, *who):
            return
        reset = _limiter().get_window_stats(item, *who).reset_time
    except RedisError as error:
        raise Unavailable from error
    raise TooMany(max(1, int(reset - time.time())))


def waits(rate: str, *who: str) -> int:
    """Return after how many seconds one more try would be counted; 0: at once. Counts nothing itself.

    :raises Unavailable: Valkey does not answer
    """
    item = _item(rate)
    try:
        stats = _limiter().get_window_stats(item, *who)
    except RedisError as error:
        raise Unavailable from error
    return 0 if stats.remaining else max(1, int(stats.reset_time - time.time()))
