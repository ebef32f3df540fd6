"""From host name to enterprise, without asking the database each time.

Each process keeps what it learnt for 30 s. A change (suspension, new domain) bumps a counter in Valkey that every
process looks at once a second; without Valkey the 30 s alone bound how stale an answer can be.
"""

import time
import uuid
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from tenants.models import Domain, Enterprise
from tenants.scope import platform_scope

_TTL_S, _LOOK_S = 30.0, 1.0
_VERSION = "platform:sites-version"


@dataclass(frozen=True, slots=True)
class Site:
    """What every request may know of its enterprise."""

    id: int
    uuid: uuid.UUID
    schema_name: str
    name: str
    subdomain: str
    uscc: str
    hazard: str
    industry_code: str
    division_code: str
    status: str
    host: str

    @property
    def is_active(self) -> bool:
        """Whether people may work in it."""
        return self.status == Enterprise.Status.ACTIVE


class _Cache:
    def __init__(self) -> None:
        self.lock = Lock()
        self.known: dict[str, tuple[float, Site | None]] = {}
        self.version: object = None
        self.looked = 0.0

    def follow(self, now: float) -> None:
        """Forget everything when another process announced a change."""
        if now - self.looked < _LOOK_S:
            return
        self.looked = now
        try:
            version = cache.get(_VERSION)
        except RedisError:
            return
        if version != self.version:
            self.version = version
            self.known.clear()


_cache = _Cache()


def site_of(enterprise: Enterprise, *, host: str = "") -> Site:
    """Return the cached view of a row."""
    return Site(
        id=enterprise.pk,
        uuid=enterprise.uuid,
        schema_name=enterprise.schema_name,
        name=enterprise.name,
        subdomain=enterprise.subdomain,
        uscc=enterprise.uscc,
        hazard=enterprise.hazard,
        industry_code=enterprise.industry_code,
        division_code=enterprise.division_code,
        status=enterprise.status,
        host=host or host_of(enterprise.subdomain),
    )


def host_of(subdomain: str) -> str:
    """Return the host name of a subdomain, without port."""
    return f"{subdomain}.{settings.ENTERPRISE_BASE_DOMAIN}"


def resolve(host: str) -> Site | None:
    """Return the enterprise behind ``host`` (lower case, no port), or None when there is none."""
    now = time.monotonic()
    with _cache.lock:
        _cache.follow(now)
        found = _cache.known.get(host)
    if found and found[0] > now:
        return found[1]
    with platform_scope():
        row = Domain.objects.select_related("tenant").filter(domain=host).first()
    site = site_of(row.tenant, host=host) if row else None
    with _cache.lock:
        if len(_cache.known) > 20_000:  # strangers can make hosts up; enterprises come back within a query
            _cache.known.clear()
        _cache.known[host] = (now + _TTL_S, site)
    return site


def announce_change() -> None:
    """Make every process forget what it knows within a second, this one at once."""
    with _cache.lock:
        _cache.known.clear()
    try:
        cache.set(_VERSION, uuid.uuid4().hex, timeout=None)
    except RedisError:
        return
