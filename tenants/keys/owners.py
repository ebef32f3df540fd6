"""Whose keys: an enterprise's, by its uuid, or the platform's."""

from tenants.scope import NoScope, require

PLATFORM = "platform"


def here() -> str:
    """Return the owner of the place one stands in.

    :raises NoScope: nowhere, or in a schema that is no enterprise's
    """
    place = require()
    if place.is_platform:
        return PLATFORM
    uuid = getattr(place.tenant, "uuid", None)
    if uuid is None:
        raise NoScope(f"{place.schema} is no enterprise: it has no keys")
    return str(uuid)


def schema_here() -> str:
    """Return the schema under which row-level security knows the owner."""
    place = require()
    return PLATFORM if place.is_platform else place.schema
