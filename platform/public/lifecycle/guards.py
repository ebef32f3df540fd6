"""What keeps the data of a closed enterprise from being destroyed though the legal periods are over. Rooms above add theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier

from public.appeals import api as appeals
from public.lifecycle import holding
from tenants.models import Enterprise


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way: what it is, how many or which, and where it is dealt with."""

    title: Any
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """``find`` looks for blockers of an enterprise on a day, standing on the platform. ``table``: of `public`, where a new one would be written."""

    find: Callable[[Enterprise, date], list[Blocker]]
    table: str = ""


_LOCK_WAIT = "2s"
_guards: dict[Callable[[Enterprise, date], list[Blocker]], Guard] = {}


def add_guard(guard: Guard) -> None:
    """Let another room stand in the way. Called in ``ready()``; the same function counts once."""
    _guards[guard.find] = guard


def standing(row: Enterprise, *, on: date) -> list[Blocker]:
    """Return all that stands in the way on a day."""
    return [blocker for guard in _guards.values() for blocker in guard.find(row, on)]


def hold_still() -> None:
    """Wait for whoever writes something that would stand in the way, and let nobody begin to before the caller's transaction ends.

    :raises OperationalError: somebody writes for longer than `_LOCK_WAIT`; all who want to write there would queue up behind us
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_WAIT])
        for table in sorted(guard.table for guard in _guards.values() if guard.table):
            cursor.execute(SQL("LOCK TABLE public.{} IN SHARE MODE").format(Identifier(table)).as_string(cursor.connection))


def _holds(row: Enterprise, on: date) -> list[Blocker]:
    return [
        Blocker(_("法律保留"), f"{one.reason}（{one.by_name}）" if one.subject is None else str(_("涉及 1 名学员")))
        for one in holding.standing(row, on=on)
    ]


def _appeals(row: Enterprise, on: date) -> list[Blocker]:
    count = len(appeals.open_cases(row.schema_name))
    return [Blocker(_("学时申诉没有裁定"), str(_("%(n)d 件") % {"n": count}))] if count else []


add_guard(Guard(_holds, "retention_hold"))
add_guard(Guard(_appeals, "appeals_case"))
