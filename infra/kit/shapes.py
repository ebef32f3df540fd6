"""The shape of what lies in a cache: code that gives a type another field must not read what the code before it wrote.

While a release goes out both run beside each other, so each looks under keys of its own.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints, is_typeddict


@cache
def shape(kind: type) -> str:
    """Return 8 hex digits that differ as soon as a field of ``kind`` (a dataclass or a TypedDict), or of one within it, does."""
    return hashlib.sha256("\n".join(sorted(set(_lines(kind, set())))).encode()).hexdigest()[:8]


def _lines(kind: Any, seen: set[Any]) -> Iterator[str]:
    for part in get_args(kind):
        yield from _lines(part, seen)
    if kind in seen or not (is_typeddict(kind) or (isinstance(kind, type) and is_dataclass(kind))):
        return
    seen.add(kind)
    for name, hint in get_type_hints(kind).items():
        yield f"{kind.__qualname__}.{name}: {hint}"
        yield from _lines(hint, seen)
