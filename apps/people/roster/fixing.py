"""What a manager does to a list that waits: say what the columns are, mend cells, take rows out, let it be written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people.models import HeadingMeaning, ImportJob
from apps.people.roster import checks, headings, importing, jobs
from apps.people.roster import table as tables
from apps.people.roster.headings import COLUMNS, REQUIRED
from apps.people.roster.jobs import State, Step
from apps.people.roster.problems import Problem
from apps.people.roster.table import Entry, Settled, Table
from infra.kit import clock
from infra.kit.errors import DomainError

_NUMBER = re.compile(r"[0-9]{5}")
_TOUCHED = 100
MOST = 200
"""Letters a mended cell may hold; more than any column takes, so that the refusal names the column's own limit."""


def choose_columns(*, job_uuid: UUID, row: int, columns: Mapping[int, str], at: datetime) -> ImportJob:
    """Lay down where the columns stand and check the list anew; the headings are remembered for the next list.

    :param row: the row of the headings as Excel numbers it; 0 when the list has none
    :param columns: index from column A -> our name; columns left out are ignored
    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``, ``import_running``; 422 ``columns_missing``, ``columns_twice``
    """
    places = _places(columns)
    with transaction.atomic():
        job = _waiting(job_uuid, State.MAPPING, State.READY)
        table = jobs.table_of(job)
        known = dict(table.head)
        if row and row not in known:
            raise _not_found()
        jobs.refuse_while_another_runs(at)
        if row:
            _remember(known[row], columns)
        job.chosen = {"row": row, "places": places}
        return _queue(job, Step.CHECK, at)


def _places(columns: Mapping[int, str]) -> dict[str, int]:
    used = [column for column in columns.values() if column in COLUMNS]
    if twice := [str(COLUMNS[column]) for column in COLUMNS if used.count(column) > 1]:
        words = _("“%(columns)s”选了两次，请只留一列，其余选“不导入”。") % {"columns": "、".join(twice)}
        raise DomainError("columns_twice", words, status=422)
    if missing := [str(COLUMNS[column]) for column in REQUIRED if column not in used]:
        words = _("还没有选“%(columns)s”。这几列必须有。") % {"columns": "、".join(missing)}
        raise DomainError("columns_missing", words, status=422)
    return {column: index for index, column in columns.items() if column in COLUMNS}


def _remember(cells: list[str], columns: Mapping[int, str]) -> None:
    """Keep what the headings mean where it is not what anybody would think."""
    for index, cell in enumerate(cells):
        word, column = headings.plain(cell), columns.get(index, headings.IGNORED)
        if not word or _NUMBER.search(word):  # a row of people taken for headings: nothing of theirs is kept
            continue
        if headings.known(word) == column:
            HeadingMeaning.objects.filter(heading=word).delete()
        else:
            HeadingMeaning.objects.update_or_create(heading=word, defaults={"column": column})


@dataclass(frozen=True, slots=True)
class Mended:
    """A list after a change. ``entries``: the row that was changed and those for which that changed something."""

    job: ImportJob
    entries: list[Entry]
    settled: Settled


def mend(*, job_uuid: UUID, row: int, column: str, value: str, at: datetime) -> Mended:
    """Put another text into one cell and judge the row again, beside the other rows and the people there are.

    :raises DomainError: 404 ``not_found`` for the job, the row or the column; 409 ``not_waiting``
    """
    with transaction.atomic():
        job = _waiting(job_uuid, State.READY)
        table, entry = _entry(job, row)
        if column not in COLUMNS:
            raise _not_found()
        before, cells = table.settle(), list(entry.line.cells)
        cells[list(COLUMNS).index(column)] = value.strip()[:MOST]
        entry.line = checks.read_line(row, cells, on=clock.shanghai_date(at))
        return _judged(job, table, entry, before)


def drop(*, job_uuid: UUID, row: int, dropped: bool) -> Mended:
    """Take a row out of the list, or put it back.

    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``
    """
    with transaction.atomic():
        job = _waiting(job_uuid, State.READY)
        table, entry = _entry(job, row)
        before = table.settle()
        entry.dropped = dropped
        return _judged(job, table, entry, before)


def commit(*, job_uuid: UUID, whole: bool, at: datetime) -> ImportJob:
    """Queue the list to be written: all rows that are right or, with ``whole``, nobody unless all are right.

    :raises DomainError: 404 ``not_found``; 409 ``not_waiting``, ``import_running``, ``not_all_right``, ``nobody_right``
    """
    with transaction.atomic():
        job = _waiting(job_uuid, State.READY)
        counts = job.preview
        if whole and counts[tables.WRONG]:
            words = _("还有 %(n)s 行没有改好，一个人也没有导入。请改好标红的格子，或选择只导入正确的行。")
            raise DomainError("not_all_right", words % {"n": counts[tables.WRONG]}, status=409)
        if not counts[tables.NEW] + counts[tables.UPDATE] + counts[tables.SAME]:
            raise DomainError("nobody_right", _("没有可以导入的行。请先改好标红的格子。"), status=409)
        jobs.refuse_while_another_runs(at)
        job.whole = whole
        return _queue(job, Step.WRITE, at)


def _judged(job: ImportJob, table: Table, entry: Entry, before: Settled) -> Mended:
    part = Table([], 0, {}, [entry])
    importing.beside_the_books(part)
    settled = table.settle()
    job = importing.show(job, table, settled)
    touched = [other for other in table.entries if other is entry or _shows(other, before) != _shows(other, settled)]
    return Mended(job, sorted(touched, key=lambda other: other is not entry)[:_TOUCHED], settled)


def _shows(entry: Entry, settled: Settled) -> tuple[str, list[Problem]]:
    row = entry.line.row
    return settled.outcomes[row], settled.wrong.get(row, [])


def _entry(job: ImportJob, row: int) -> tuple[Table, Entry]:
    table = jobs.table_of(job)
    entry = table.entry(row)
    if entry is None:
        raise _not_found()
    return table, entry


def _queue(job: ImportJob, step: ImportJob.Step, at: datetime) -> ImportJob:
    job.state, job.step, job.note, job.rung_at = State.QUEUED, step, "", at
    job.save()
    jobs.ring(job, at)
    return job


def _waiting(job_uuid: UUID, *states: ImportJob.State) -> ImportJob:
    job = jobs.job_of(job_uuid, lock=True)
    if job.state not in states:
        words = _("这份名单的状态已经变了：%(state)s。请刷新页面再看。")
        raise DomainError("not_waiting", words % {"state": job.get_state_display()}, status=409)
    return job


def _not_found() -> DomainError:
    return DomainError("not_found", _("名单里没有这一行或这一列，请刷新页面再看。"), status=404)


def default_columns(cells: list[str]) -> dict[int, str]:
    """Propose what the columns under these headings are: index -> our name; doubtful ones are left out."""
    known = dict(HeadingMeaning.objects.values_list("heading", "column"))
    return {index: column for column, index in headings.read(cells, 1, known).places.items()}
