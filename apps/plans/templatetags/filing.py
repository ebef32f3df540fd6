"""Filters of the pages of files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def beside(row: Sequence[str], heads: Sequence[str]) -> list[tuple[str, str]]:
    """Return (head, value) of a line, for tables that become cards on phones."""
    return list(zip(heads, row, strict=True))


@register.filter
def at(found: Mapping[int, Any], key: int) -> Any:
    """Return what stands under a number, or nothing."""
    return found.get(key, [])
