"""Boot checks: sockets that nobody filled."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from infra.kit.ports import unfilled
from tenants.database.provision import database_name


@register()
def every_socket_is_filled(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report each declared socket without a plug."""
    return [Error(f"nobody plugged into {name}", id="anxue.E001") for name in unfilled()]


@register()
def the_database_s_name_holds_no_dot(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a name that `enterprise_schema()` could not tell from the schema's in ``<database>.<schema>`` (decision 26)."""
    name = database_name()
    if "." not in name:
        return []
    hint = "Rename the database (ALTER DATABASE … RENAME TO …) and name it anew in DATABASE_URL and DATABASE_OWNER_URL."
    return [
        Error(
            f"the database's name {name!r} holds a dot: row-level security would take part of it for a schema",
            hint,
            id="anxue.E003",
        )
    ]
