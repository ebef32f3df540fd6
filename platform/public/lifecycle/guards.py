"""What keeps the data of a closed enterprise from being destroyed though the legal periods are over. Rooms above add theirs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier

from public.appeals import api as appeals
from public.lifecycle import holding
from public.retention.api import Hold
from tenants.models import Enterprise


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way: what it is, how many or which, and where it is dealt with."""

    title: Any
    text: str = ""
    url: str = ""


Found = dict[str, list[Blocker]]
"""What stands in the way of several enterprises, by schema; one that is not in it has nothing in its way."""
Find = Callable[[Sequence[Enterprise], date], Found]


@dataclass(frozen=True, slots=True)
class Guard:
    """``find`` looks for blockers of closed enterprises on a day, standing on the platform, in as many queries for one as for a thousand.

    ``table``: of `public`, where a new one would be written.
    """

    find: Find
    table: str = ""


_LOCK_WAIT = "2s"
_guards: dict[Find, Guard] = {}


def add_guard(guard: Guard) -> None:
    """Let another room stand in the way. Called in ``ready()``; the same function counts once."""
    _guards[guard.find] = guard


def standing(row: Enterprise, *, on: date) -> list[Blocker]:
    """Return all that stands in the way of one closed enterprise on a day."""
    return standing_of([row], on=on).get(row.schema_name, [])


def standing_of(rows: Sequence[Enterprise], *, on: date) -> Found:
    """Return all that stands in the way of closed enterprises on a day; the number of queries is that of the guards, not of the rows."""
    return gathered(
        (schema, blocker) for guard in _guards.values() for schema, found in guard.find(rows, on).items() for blocker in found
    )


def gathered(pairs: Iterable[tuple[str, Blocker]]) -> Found:
    """Return schema -> blockers, in the order in which they come."""
    found: defaultdict[str, list[Blocker]] = defaultdict(list)
    for schema, blocker in pairs:
        found[schema].append(blocker)
    return dict(found)


def counted(rows: Sequence[Enterprise], what: str) -> dict[str, int]:
    """Return schema -> how many rows of closed enterprises' own tables there are, in one query; nobody stands in them.

    :param what: ``entries`` of the ledger, or ``requests`` about personal data that wait; the database counts nothing else (migration 0006)
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT of_schema, n FROM public.closed_counts(%s, %s)", [[row.schema_name for row in rows], what])
        return dict(cursor.fetchall())


def hold_still() -> None:
    """Wait for whoever writes something that would stand in the way, and let nobody begin to before the caller's transaction ends.

    :raises OperationalError: somebody writes for longer than `_LOCK_WAIT`; all who want to write there would queue up behind us
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_WAIT])
        for table in sorted(guard.table for guard in _guards.values() if guard.table):
            cursor.execute(SQL("LOCK TABLE public.{} IN SHARE MODE").format(Identifier(table)).as_string(cursor.connection))


def _holds(rows: Sequence[Enterprise], on: date) -> Found:
    return gathered((one.schema_name, _hold(one)) for one in holding.standing_of(rows, on=on))


def _hold(one: Hold) -> Blocker:
    return Blocker(_("法律保留"), f"{one.reason}（{one.by_name}）" if one.subject is None else str(_("涉及 1 名学员")))


def _appeals(rows: Sequence[Enterprise], on: date) -> Found:
    waiting = appeals.open_counts(row.schema_name for row in rows)
    return {schema: [Blocker(_("学时申诉没有裁定"), str(_("%(n)d 件") % {"n": n}))] for schema, n in waiting.items()}


add_guard(Guard(_holds, "retention_hold"))
add_guard(Guard(_appeals, "appeals_case"))
