"""Where files of the current place go in the one object store."""

from tenants.scope import require


def key(path: str) -> str:
    """Return the storage name of ``path`` for the current place: ``enterprises/<schema>/…`` or ``platform/…``.

    :raises NoScope: standing nowhere
    :raises ValueError: the path tries to climb out
    """
    if ".." in path.split("/") or path.startswith("/"):
        raise ValueError(f"not a relative storage path: {path}")
    scope = require()
    return f"platform/{path}" if scope.is_platform else f"enterprises/{scope.schema}/{path}"
