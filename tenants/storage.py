"""Where files of the current place go in the one object store, and which files of others it may touch."""

from django.core.exceptions import SuspiciousFileOperation

from tenants.scope import require

PLATFORM_FILES = "platform/"
INBOX = "platform/uploads/"
"""What people hand in, under names nobody can guess. The only files of the platform that an enterprise may write."""


class ForeignFile(SuspiciousFileOperation):
    """Somebody reached for a file of another place. A bug or an attack, never the person's mistake."""


def key(path: str) -> str:
    """Return the storage name of ``path`` for the current place: ``enterprises/<schema>/…`` or ``platform/…``.

    :raises NoScope: standing nowhere
    :raises ValueError: the path tries to climb out
    """
    if ".." in path.split("/") or path.startswith("/"):
        raise ValueError(f"not a relative storage path: {path}")
    return _home() + path


def require_readable(name: str) -> None:
    """Let the current place read the file ``name``: its own, and for everybody the platform's.

    :raises NoScope: standing nowhere
    :raises ForeignFile: it belongs to another place
    """
    _require(name, _home(), PLATFORM_FILES)


def require_writable(name: str) -> None:
    """Let the current place write or delete the file ``name``: its own, and what people hand in.

    :raises NoScope: standing nowhere
    :raises ForeignFile: it belongs to another place
    """
    _require(name, _home(), INBOX)


def _home() -> str:
    scope = require()
    return PLATFORM_FILES if scope.is_platform else f"enterprises/{scope.schema}/"


def _require(name: str, *allowed: str) -> None:
    climbs = ".." in name.split("/") or "\\" in name
    if climbs or not name.startswith(allowed):
        raise ForeignFile(f"not a file of this place: {name}")
