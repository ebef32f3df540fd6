"""Querysets whose SQL is made once a process: for the few reads that every page of a kind begins with.

Django makes the SQL of a queryset anew each time. For a duty with its plan that takes three milliseconds of CPU, several times what
the database needs to answer. The text is the same in every enterprise, for the search path says whose tables are meant; only the
values differ.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=models.Model)
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda n: 1_913_571_000 + n,
    str: lambda n: f"\ue000{n}\ue001",
    UUID: lambda n: UUID(int=(0x51C0 << 112) + n),
    datetime: lambda n: datetime.fromtimestamp(86_400 + n, tz=UTC),
}
"""A value of each type that no queryset names itself: found again among the parameters of the SQL."""


@dataclass(frozen=True, slots=True)
class _Recipe:
    """The compiler that has made the SQL, the SQL, its parameters, and which value stands at which place of them."""

    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: dict[int, str]


class Compiled(Generic[M]):
    """One queryset of whole rows. ``make`` builds it from values given by name; it may join, annotate, order, slice and lock, but not
    prefetch, and decide nothing by the values.

    ``DUTY = Compiled(lambda pk: Assignment.objects.select_related("plan").filter(pk=pk))``, then ``DUTY.first(pk=7)``.
    """

    def __init__(self, make: Callable[..., QuerySet[M]]) -> None:
        self._make = make
        self._recipe: _Recipe | None = None

    def all(self, **values: Any) -> list[M]:
        """Return the rows for these values: whole numbers, texts, uuids or moments, never None.

        :raises TypeError: a value of another type
        :raises TransactionManagementError: rows that shall be locked are asked for outside a transaction, which would lock nothing
        """
        for value in values.values():
            if type(value) not in _MARKS:
                raise TypeError(f"no value of a compiled query: {type(value).__name__}")
        if self._recipe is None:
            self._recipe = self._compile(values)
        return list(ModelIterable(_Source(self._recipe, values)))  # type: ignore[arg-type]

    def first(self, **values: Any) -> M | None:
        """Return the first row, None without any."""
        return next(iter(self.all(**values)), None)

    def _compile(self, values: dict[str, Any]) -> _Recipe:
        marks = {name: _mark(value, n) for n, (name, value) in enumerate(values.items())}
        compiler = self._make(**marks).query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        places = {at: name for at, param in enumerate(params) for name, mark in marks.items() if _is(param, mark)}
        if set(places.values()) != set(values):
            raise TypeError(f"not every value of {sorted(values)} is a parameter of the SQL")
        compiler.connection = None
        return _Recipe(compiler, sql, tuple(params), places)


class _Source:
    """What `ModelIterable` asks of a queryset: a compiler, which has done its work before."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, recipe: _Recipe, values: dict[str, Any]) -> None:
        self.query = self
        self._recipe = recipe
        # Numbers are of a class that says which integer they are in the database.
        self._params = tuple(
            (type(param)(values[recipe.places[at]]) if isinstance(param, int) else values[recipe.places[at]])
            if at in recipe.places
            else param
            for at, param in enumerate(recipe.params)
        )

    def get_compiler(self, using: str) -> SQLCompiler:
        found = copy(self._recipe.compiler)
        found.connection = connections[using]
        # Django asks this while it makes the SQL, so only once.
        if found.query.select_for_update and found.connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        found.as_sql = lambda *_args, **_more: (self._recipe.sql, self._params)  # type: ignore[method-assign]
        return found


def _mark(value: Any, n: int) -> Any:
    return _MARKS[type(value)](n)


def _is(param: Any, mark: Any) -> bool:
    return isinstance(param, type(mark)) and param == mark
