"""A list of 10,000 workers, from the uploaded file to everybody on the books, as a worker process does it. Budget: 15 s, flat memory.

Timed are both steps, the check a manager looks over and the writing; then a cell is mended and the same list comes in again.
"""

from __future__ import annotations

import io
import resource
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from apps.people import api as people
from apps.people.models import ImportJob, Learner, Manager
from apps.people.roster import fixing, importing, jobs
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.people.rosters import HEADINGS, crowd
from tests.bench.ground import say
from tests.tenants.ground import open_for_test, remove_enterprises

ROWS = 10_000
PREFIX = "listco-"
T = TypeVar("T")


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``rows``, ``seconds`` from file to people, its parts and processor time, ``peak_mb`` of the process and how much of it the list took."""
    remove_enterprises(PREFIX)
    site = open_for_test(f"{PREFIX}{secrets.token_hex(3)}")
    try:
        with enterprise_scope(site):
            people.open_owner(name="安全员", mobile="13800000008", password=None, at=clock.now())
            return _measured(Manager.objects.get().pk)
    finally:
        remove_enterprises(PREFIX)


def _measured(by: int) -> dict[str, Any]:
    _import(_list(10), by)  # everything is loaded once
    data, before = _list(ROWS), _peak_mb()
    worked = time.process_time()
    job, check_s, write_s = _import(data, by)
    worked = time.process_time() - worked
    peak = _peak_mb()
    assert Learner.objects.count() == ROWS, job.errors[:3]
    say(f"checked in {check_s:.1f} s, written in {write_s:.1f} s")
    mend_s = _mended(data, by)
    again, *parts = _import(data, by)
    assert (again.created, again.updated) == (0, 0)
    return {
        "rows": ROWS,
        "seconds": round(check_s + write_s, 2),
        "processor_s": round(worked, 2),
        "check_s": round(check_s, 2),
        "write_s": round(write_s, 2),
        "again_s": round(sum(parts), 2),
        "mend_ms": round(mend_s * 1000),
        "peak_mb": round(peak, 1),
        "grown_mb": round(peak - before, 1),
    }


def _import(data: bytes, by: int) -> tuple[ImportJob, float, float]:
    at = clock.now()
    job, check_s = _timed(lambda: importing.run(jobs.receive(data=data, file_name="a.xlsx", manager_id=by, at=at).uuid, at=at))
    assert job.state == "READY", job.errors[:3]
    job, write_s = _timed(lambda: importing.run(fixing.commit(job_uuid=job.uuid, whole=True, at=at).uuid, at=at))
    assert job.state == "DONE", job.note
    return job, check_s, write_s


def _mended(data: bytes, by: int) -> float:
    at = clock.now()
    job = importing.run(jobs.receive(data=data, file_name="a.xlsx", manager_id=by, at=at).uuid, at=at)
    _done, took = _timed(lambda: fixing.mend(job_uuid=job.uuid, row=5000, column="position", value="焊工", at=at))
    jobs.cancel(job_uuid=job.uuid, at=at)
    return took


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = act()
    return found, time.perf_counter() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _list(rows: int) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADINGS, *crowd(rows)]):
            for index, value in enumerate(row):
                sheet.write_string(number, index, value)
    return buffer.getvalue()
