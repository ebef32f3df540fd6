"""From host name to enterprise, without asking the database each time.

Each process keeps what it learnt for 30 s. A change (suspension, new domain) bumps a counter in Valkey that every
process looks at once a second; without Valkey the 30 s alone bound how stale an answer can be.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from tenants.models import Domain, Enterprise
from tenants.scope import platform_scope

_TTL_S, _LOOK_S = 30.0, 0.9
_MOST = 20_000
"""Strangers can make hosts up; enterprises come back within a query."""
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
    status_reason: str = ""
    closes_at: datetime | None = None
    visited_until: datetime | None = None
    is_verified: bool = False
    created_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Whether people may work in it; where not, they may still read (`infra.wiring.standing`)."""
        return self.status == Enterprise.Status.ACTIVE


class _Cache:
    def __init__(self) -> None:
        self.lock = Lock()
        self.known: dict[str, tuple[float, Site | None]] = {}
        self.version: object = None
        self.look_at = 0.0
        self.generation = 0
        """How often it was emptied: what was read from the database before is not kept after."""

    def empty(self) -> None:
        with self.lock:
            self.generation += 1
            self.known.clear()

    def follow(self, now: float) -> None:
        """Forget everything when another process announced a change. One thread asks, the others need not wait."""
        with self.lock:
            if now < self.look_at:
                return
            self.look_at = now + _LOOK_S
        try:
            version = cache.get(_VERSION)
        except RedisError:
            ended = time.monotonic()
            self.look_at = ended + max(_LOOK_S, 4 * (ended - now))  # a look may have cost its time-out
            return
        if version != self.version:
            self.version = version
            self.empty()

    def keep(self, host: str, site: Site | None, *, generation: int, until: float) -> None:
        with self.lock:
            if len(self.known) > _MOST:
                self.known.clear()
            if generation == self.generation:
                self.known[host] = (until, site)


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
        status_reason=enterprise.status_reason,
        closes_at=enterprise.closes_at,
        visited_until=enterprise.visited_until,
        is_verified=enterprise.verified_at is not None,
        created_at=enterprise.created_at,
    )


def host_of(subdomain: str) -> str:
    """Return the host name of a subdomain, without port."""
    return f"{subdomain}.{settings.ENTERPRISE_BASE_DOMAIN}"


def resolve(host: str) -> Site | None:
    """Return the enterprise behind ``host`` (lower case, no port), or None when there is none."""
    now = time.monotonic()
    _cache.follow(now)
    found = _cache.known.get(host)
    if found and found[0] > now:
        return found[1]
    generation = _cache.generation
    with platform_scope():
        row = Domain.objects.select_related("tenant").filter(domain=host).first()
    site = site_of(row.tenant, host=host) if row else None
    _cache.keep(host, site, generation=generation, until=now + _TTL_S)
    return site


def announce_change() -> None:
    """Make every process forget what it knows within a second, this one at once (and only once)."""
    version = uuid.uuid4().hex
    try:
        cache.set(_VERSION, version, timeout=None)
        _cache.version = version
    except RedisError:
        pass  # the others' 30 s bound how long they believe the old
    _cache.empty()
