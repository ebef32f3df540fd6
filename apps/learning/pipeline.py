"""A locked read and the write that follows it, in two round trips, whatever the number of statements.

Django's cursors cost a round trip for each statement and for BEGIN and COMMIT; a beat arrives 250 times a second. A trip is
one simple query of several statements, their values quoted by psycopg (decision 33): the server stops at the first that
fails. Constant texts are prepared once (`prepared`), because planning them cost more than running them. Inside an outer transaction a savepoint takes the place of the transaction, so that services and tests can nest it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import psycopg
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from psycopg.rows import dict_row

from apps.learning.prepared import Fixed, forget, shelf_of

Statement: TypeAlias = tuple[str, Mapping[str, Any]]
Row: TypeAlias = dict[str, Any]
_SAVEPOINT = "learning_beat"


class Unit:
    """One unit of work. :meth:`begin` once, then :meth:`finish` once; leaving it without, or an error, undoes everything."""

    def __init__(self) -> None:
        self._nested = connection.in_atomic_block
        self._open = False
        self._chose = False

    def begin(self, *statements: Statement) -> list[Row | None]:
        """Open the transaction, run the statements and return the first row of each (None: no row).

        A connection that died since its last use is replaced once: nothing was begun on it. That makes this trip the health
        check, and Django's own (one more round trip) is skipped.
        """
        had_connection = connection.connection is not None
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            return self._begin(statements)
        except (OperationalError, InterfaceError):
            lost = connection.connection is None or connection.connection.closed
            if self._nested or not had_connection or not lost:
                raise
            connection.close()
            return self._begin(statements)

    def _begin(self, statements: Sequence[Statement]) -> list[Row | None]:
        if self._nested:
            connection.cursor().close()  # chooses the place, where it changed
            self._open = True
            return self._trip([(f"SAVEPOINT {_SAVEPOINT}", {}), *statements])[1:]
        connection.ensure_connection()
        choice = connection.choice()  # type: ignore[attr-defined]
        opening: list[Statement] = [(choice.sql, choice.params)] if choice else []
        opening.append(("BEGIN", {}))
        self._open = True
        rows = self._trip([*opening, *statements])[len(opening) :]
        if choice:
            connection.chose(choice)  # type: ignore[attr-defined]
            self._chose = True
        return rows

    def finish(self, *statements: Statement) -> list[Row | None]:
        """Run the statements and commit."""
        closing = f"RELEASE SAVEPOINT {_SAVEPOINT}" if self._nested else "COMMIT"
        rows = self._trip([*statements, (closing, {})])[:-1]
        self._open = False
        return rows

    def undo(self) -> None:
        """Take everything back; a connection that cannot even do that is thrown away."""
        if not self._open:
            return
        self._open = False
        if self._chose:
            connection.chose(None)  # type: ignore[attr-defined]
        raw = connection.connection
        if raw is None or raw.closed:
            return
        try:
            self._trip([(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}" if self._nested else "ROLLBACK", {})])
        except (OperationalError, InterfaceError):
            connection.close()

    def _trip(self, statements: Sequence[Statement]) -> list[Row | None]:
        raw = connection.connection
        try:
            words, shown = _spell(raw, statements)
            with connection.wrap_database_errors:
                cursor = psycopg.Cursor(raw, row_factory=dict_row)
                # Nothing left to bind: the simple protocol, which takes many statements at once.
                cursor.execute(";\n".join(words).encode())
                rows = list(_first_rows(cursor))
        except BaseException:
            forget(raw)
            raise
        return [rows[no] for no in shown]


def _spell(raw: Any, statements: Sequence[Statement]) -> tuple[list[str], list[int]]:
    """Return the statements with their values quoted, and which of them are those that were asked for."""
    binder, escape = psycopg.ClientCursor(raw), psycopg.pq.Escaping(raw.pgconn)
    shelf, place = shelf_of(raw), connection.schema_name or ""  # type: ignore[attr-defined]
    words = shelf.before(place) if any(isinstance(sql, Fixed) for sql, _values in statements) else []
    shown: list[int] = []
    for sql, values in statements:
        if isinstance(sql, Fixed):
            words += shelf.execute(place, sql, values, escape)
        else:
            words.append(binder.mogrify(sql, values) if values else sql)
        shown.append(len(words) - 1)
    return words, shown


def _first_rows(cursor: psycopg.Cursor[Row]) -> Iterator[Row | None]:
    more: bool | None = True
    while more:
        yield None if cursor.rownumber is None else cursor.fetchone()
        more = cursor.nextset()


@contextmanager
def unit() -> Iterator[Unit]:
    """Open a unit of work for the block."""
    work = Unit()
    try:
        yield work
    finally:
        work.undo()
