"""Statements that the server has parsed and planned before: once for each connection and place, not for each beat.

A plan belongs to the tables that the search path led to, so each enterprise has its own; the server checks that by itself and plans
anew after a migration. What a connection keeps is bounded: the places that were served longest ago are forgotten.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg.pq.abc import Escaping

PLACES = 64
"""Places whose statements one connection keeps; each costs the server some 100 kB."""
_VALUE = re.compile(r"%\((\w+)\)s")
_numbers = count(1)


class Fixed(str):
    """An SQL text that is a constant of the code, worth preparing. ``places`` are the names of its values, in order."""

    __slots__ = ("names", "numbered")

    def __new__(cls, text: str) -> "Fixed":
        """Number the values of a text that names them: ``%(day)s`` becomes ``$1``."""
        self = super().__new__(cls, text)
        self.names = tuple(dict.fromkeys(_VALUE.findall(text)))
        self.numbered = _VALUE.sub(lambda found: f"${self.names.index(found[1]) + 1}", text)
        return self

    names: tuple[str, ...]
    numbered: str


class Shelf:
    """What one connection has prepared, by place."""

    def __init__(self) -> None:
        self._places: OrderedDict[str, dict[str, str]] = OrderedDict()

    def before(self, place: str) -> list[str]:
        """Return what must be said before the statements of a place, once in a trip."""
        if place in self._places:
            self._places.move_to_end(place)
            return []
        words = [] if self._places else ["SET plan_cache_mode = force_generic_plan"]
        if len(self._places) >= PLACES:
            words += [f"DEALLOCATE {name}" for name in self._places.popitem(last=False)[1].values()]
        self._places[place] = {}
        return words

    def execute(self, place: str, text: Fixed, values: Mapping[str, Any], escape: Escaping) -> list[str]:
        """Return what runs a statement: PREPARE where it is new here, and EXECUTE."""
        kept, words = self._places[place], []
        if text not in kept:
            kept[text] = f"learning_{next(_numbers)}"
            words.append(f"PREPARE {kept[text]} AS {text.numbered}")
        written = ", ".join([_literal(values[name], escape) for name in text.names])
        return [*words, f"EXECUTE {kept[text]} ({written})"]


def _literal(value: Any, escape: Escaping) -> str:
    """Write one value; the server knows the type of each from the prepared statement.

    :raises TypeError: a type that no beat has
    """
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is str:
        return bytes(escape.escape_literal(value.encode())).decode()  # libpq's own quoting
    if kind is UUID or kind is date:
        return f"'{value}'"
    if kind is datetime:
        return f"'{value.isoformat()}'"
    raise TypeError(f"a beat writes no {kind.__name__}")


_shelves: WeakKeyDictionary[Any, Shelf] = WeakKeyDictionary()


def shelf_of(raw: Any) -> Shelf:
    """Return what a connection has prepared."""
    if (found := _shelves.get(raw)) is None:
        found = _shelves[raw] = Shelf()
    return found


def forget(raw: Any) -> None:
    """A trip failed: nobody knows which of its statements were prepared. Names are never used twice, so none can clash."""
    _shelves.pop(raw, None)


__all__ = ["Fixed", "Shelf", "forget", "shelf_of"]
