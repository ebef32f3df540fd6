"""Parts of pages that are rendered once and used again: whole where they say the same to everybody, else poured with values.

A template costs many times what its text costs to put together. Where thousands open the same page in one minute (an exam), the parts
that repeat are kept as text; the template stays the one place where they are written. Kept for each language, and not in development,
where templates change.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache, wraps
from html import escape
from typing import Any, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_OPEN, _SHUT = "\ue000", "\ue001"
_SLOT = re.compile(f"{_OPEN}([^{_SHUT}]*){_SHUT}")
_MOST = 512
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Mould:
    """A rendered template with places for values, each of which stands in it as it is: in text or in a quoted attribute."""

    def __init__(self, html: str) -> None:
        self._pieces = _SLOT.split(html)

    def pour(self, values: Mapping[str, Any]) -> SafeString:
        """Return the template with these values, escaped.

        :raises KeyError: one is missing
        """
        poured = [_escaped(values[piece]) if at % 2 else piece for at, piece in enumerate(self._pieces)]
        return SafeString("".join(poured))


def _escaped(value: Any) -> str:
    """Escape as templates do; `conditional_escape` does the same and looks for lazy texts first, which costs more than all else here."""
    return value if isinstance(value, SafeString) else escape(str(value))


def slot(name: str) -> str:
    """Return what stands for a value in the context that a mould is rendered with."""
    return f"{_OPEN}{name}{_SHUT}"


def kept(make: Callable[[K], T]) -> Callable[[K], T]:
    """Let a function that renders something answer once a key and language."""

    @lru_cache(maxsize=_MOST)
    def made(key: K, language: str | None) -> T:
        return make(key)

    @wraps(make)
    def given(key: K) -> T:
        return make(key) if settings.DEBUG else made(key, get_language())

    return given


@kept
def fixed(template: str) -> SafeString:
    """Return a template that needs no context."""
    return render_to_string(template)
