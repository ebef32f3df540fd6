"""Addresses of lists: sort, page and filter live in the URL and never lose one another."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict


def address(request: HttpRequest | None, **changes: Any) -> str:
    """Return ``?…`` with the current query and ``changes`` laid over it; a change to ``None`` or ``""`` removes the key."""
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


def next_sort(current: str, key: str) -> tuple[str, str]:
    """Return (value of ``sort`` after a click on ``key``, present direction as an ``aria-sort`` word)."""
    if current == key:
        return f"-{key}", "ascending"
    return key, "descending" if current == f"-{key}" else "none"


def page_steps(page: Page[Any]) -> list[int | None]:
    """Return the page numbers to show, ``None`` for a gap: 1 … 4 5 6 … 20."""
    steps = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [step if isinstance(step, int) else None for step in steps]
