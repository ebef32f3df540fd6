"""What the database can keep of what people send."""

from typing import Any

DEEPEST = 20
"""Levels of a JSON value; deeper ones only tire whoever walks through them."""


def is_storable(value: Any, *, levels: int = DEEPEST) -> bool:
    """Say whether every text in a JSON value can be kept: PostgreSQL takes neither NUL nor half a surrogate pair."""
    # Plain loops: every beat comes through here.
    if isinstance(value, str):
        return _is_text(value)
    if not isinstance(value, dict | list):
        return True
    if levels <= 0:
        return False
    for part in (*value, *value.values()) if isinstance(value, dict) else value:
        kind = type(part)
        if kind is str:
            if not _is_text(part):
                return False
        elif kind is not bool and kind is not int and not is_storable(part, levels=levels - 1):
            return False
    return True


def _is_text(value: str) -> bool:
    if value.isascii():
        return "\0" not in value
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
