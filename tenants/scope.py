"""Where the running code stands: in one enterprise, on the platform, or nowhere (then every query is refused).

The place lives in a ContextVar, so threads start nowhere and async tasks inherit their creator's place. The database
backend (`tenants.database`) turns it into a search path and a role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

PUBLIC = "public"


class HasSchema(Protocol):
    """Anything that names an enterprise's schema and uuid: the model `Enterprise` or the cached `Site`."""

    @property
    def schema_name(self) -> str:
        """The PostgreSQL schema."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One place. ``schema`` is the PostgreSQL schema; ``tenant`` what stands behind it (None on the platform)."""

    schema: str
    tenant: HasSchema | None = None

    @property
    def is_platform(self) -> bool:
        """Whether this is the layer above all enterprises."""
        return self.schema == PUBLIC


class NoScope(Exception):
    """Code asked for the current enterprise while standing nowhere. A bug, never the person's fault."""


PLATFORM = Scope(PUBLIC)
_current: ContextVar[Scope | None] = ContextVar("anxue_scope", default=None)


def current() -> Scope | None:
    """Return the current place, or None."""
    return _current.get()


def require() -> Scope:
    """Return the current place.

    :raises NoScope: standing nowhere
    """
    scope = _current.get()
    if scope is None:
        raise NoScope("no enterprise and no platform chosen")
    return scope


@contextmanager
def using(scope: Scope | None) -> Iterator[None]:
    """Stand in ``scope`` for the block; the former place comes back whatever happens."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def enterprise_scope(tenant: HasSchema) -> Iterator[None]:
    """Stand in one enterprise."""
    with using(Scope(tenant.schema_name, tenant)):
        yield


@contextmanager
def platform_scope() -> Iterator[None]:
    """Stand on the platform."""
    with using(PLATFORM):
        yield


def replace(scope: Scope | None) -> None:
    """Move for good (no block). Only for the database backend's `set_tenant`, which django-tenants calls."""
    _current.set(scope)
