"""What the database can keep of what people send."""

from typing import Any

DEEPEST = 20
"""Levels of a JSON value; deeper ones only tire whoever walks through them."""


def is_storable(value: Any, *, levels: int = DEEPEST) -> bool:
    """Say whether every text in a JSON value can be kept: PostgreSQL takes neither NUL nor half a surrogate pair."""
    if isinstance(value, str):
        return "\0" not in value and (value.isascii() or _is_whole(value))
    if isinstance(value, dict):
        return levels > 0 and all(is_storable(key) and is_storable(part, levels=levels - 1) for key, part in value.items())
    if isinstance(value, list):
        return levels > 0 and all(is_storable(part, levels=levels - 1) for part in value)
    return True


def _is_whole(value: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in value)
