"""Cache keys carry the schema, so one enterprise can never read another's entry."""

from tenants.scope import require

PLATFORM_PREFIX = "platform:"


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Return ``prefix:version:schema:key``; a key that begins with ``platform:`` belongs to the platform wherever one stands.

    :raises NoScope: standing nowhere with a key that is not the platform's
    """
    schema = "public" if key.startswith(PLATFORM_PREFIX) else require().schema
    return f"{key_prefix}:{version}:{schema}:{key}"
