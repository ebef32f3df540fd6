"""What other rooms keep of an enterprise outside its schema: how it is listed, made unreadable, and destroyed. Rooms above add theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenants.models import Enterprise


@dataclass(frozen=True, slots=True)
class Belonging:
    """One kind. All three are called standing on the platform while the destruction runs, and may be repeated.

    ``name``: its place in the certificate; ``listed`` returns what stands there, of before anything goes: JSON that names nobody.
    ``lose_keys`` makes unreadable what has keys of its own. ``destroy`` deletes files, then rows; it raises where something is left.
    """

    name: str
    listed: Callable[[Enterprise], dict[str, Any]]
    lose_keys: Callable[[Enterprise], object]
    destroy: Callable[[Enterprise], object]


_belongings: dict[str, Belonging] = {}


def add_belonging(one: Belonging) -> None:
    """Let another room say what of it goes with an enterprise. Called in ``ready()``; the same name counts once."""
    _belongings[one.name] = one


def listed(row: Enterprise) -> dict[str, Any]:
    """Return the list of each kind by its name."""
    return {name: one.listed(row) for name, one in _belongings.items()}


def lose_keys(row: Enterprise) -> None:
    """Make unreadable what has keys of its own, within the caller's transaction."""
    for one in _belongings.values():
        one.lose_keys(row)


def destroy(row: Enterprise) -> None:
    """Destroy every kind.

    :raises Unavailable: the object store does not answer, or a file lies there still
    """
    for one in _belongings.values():
        one.destroy(row)
