"""One raw client to Valkey for what the cache cannot do in one step: lists, counters, scripts."""

from functools import lru_cache

from django.conf import settings
from redis import Redis

from tenants.scope import require


@lru_cache(maxsize=1)
def client() -> Redis:
    """Return the process-wide client; it gives up after 2 s and raises ``RedisError``."""
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


def key(*parts: str) -> str:
    """Return ``anxue:<schema>:part:part``, so that no enterprise can meet another's entry.

    :raises NoScope: standing nowhere
    """
    return ":".join(("anxue", require().schema, *parts))


def platform_key(*parts: str) -> str:
    """Return ``anxue:platform:part:part``, the same wherever one stands."""
    return ":".join(("anxue", "platform", *parts))
