"""What a worker does with a list: check it for the manager to see, and write what the manager decided (clauses 二.1, 二.9)."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction
from redis.exceptions import RedisError

from apps.people.models import HeadingMeaning, ImportJob
from apps.people.notify.port import notify
from apps.people.roster import checks, headings, jobs, matching, workbook, writing
from apps.people.roster import table as tables
from apps.people.roster.jobs import State, Step
from apps.people.roster.matching import Match
from apps.people.roster.table import Settled, Table
from infra.kit import clock
from public.audit import api as audit

_UNITS_SHOWN = 8


class Cancelled(Exception):
    """Somebody pressed 取消 while the list was coming in."""


def run(job_uuid: UUID, *, at: datetime) -> ImportJob:
    """Do the step a job is queued for, in one transaction. Repeating an ended job does nothing.

    :raises ImportJob.DoesNotExist: there is no such job
    """
    job = ImportJob.objects.get(uuid=job_uuid)
    if job.state not in jobs.OPEN:
        return job
    ImportJob.objects.filter(pk=job.pk, state=State.QUEUED).update(state=State.RUNNING)
    try:
        _reporter(job, job.step.lower(), 0)(0)
        with transaction.atomic():
            jobs.one_at_a_time()
            job.refresh_from_db()
            if job.state != State.RUNNING:
                return job
            job = _write(job, at) if job.step == Step.WRITE else _check(job, at)
        jobs.tidy(job)
    except Cancelled:
        if job.step == Step.WRITE:
            jobs.wait_again(job, "stopped")
        else:
            jobs.tidy(jobs.end(job, State.CANCELLED, at))
    except IntegrityError:
        job = _look_again(job, "changed_meanwhile")
    except Exception:
        jobs.give_up(job, at)
        raise
    finally:
        _quiet(job)
    return job


def _check(job: ImportJob, at: datetime) -> ImportJob:
    """Read the file and say what each row would do; nobody is written."""
    said = job.chosen and headings.chosen(job.chosen["row"], job.chosen["places"])
    checked = checks.check(
        workbook.rows(jobs.file_of(job)),
        on=clock.shanghai_date(at),
        meanings=dict(HeadingMeaning.objects.values_list("heading", "column")),
        chosen=said or None,
        progress=_reporter(job, "check", 0),
    )
    here = checked.headings
    table = Table(tables.short_head(checked.head), here.row, here.places, [tables.Entry(line) for line in checked.lines])
    job.total, job.errors = len(checked.lines), [problem.as_json() for problem in checked.problems]
    if checked.problems and here.is_clear and len(here.places) >= 2:
        return jobs.end(job, State.REFUSED, at, checked.problems)
    if checked.problems:
        job.state = State.MAPPING
        jobs.keep_table(job, table)
        job.save()
        return job
    beside_the_books(table)
    return show(job, table, table.settle())


def _look_again(job: ImportJob, note: str) -> ImportJob:
    """Lay a list beside the people as they are now, and before its manager."""
    with transaction.atomic():
        job = jobs.job_of(job.uuid, lock=True)
        table = jobs.table_of(job)
        beside_the_books(table)
        return show(job, table, table.settle(), note)


def beside_the_books(table: Table) -> list[Match]:
    """Say of every row what it would do to the people there are; returns the rows that mean somebody."""
    matches = matching.match(entry.line.draft for entry in table.entries)
    by_row = {one.draft.row: one for one in matches}
    for entry in table.entries:
        one = by_row.get(entry.line.row)
        entry.clash = [one.problem] if one and one.problem else []
        entry.would = tables.NEW if one is None or one.learner is None else tables.UPDATE if one.differs else tables.SAME
    return matches


def show(job: ImportJob, table: Table, settled: Settled, note: str = "") -> ImportJob:
    """Keep a list as it stands now and let its manager look at it."""
    taken = [e.line.draft.unit for e in table.entries if settled.outcomes[e.line.row] in {tables.NEW, tables.UPDATE}]
    units = matching.Units().missing(taken)
    job.preview = {**settled.counts, "units": units[:_UNITS_SHOWN], "units_total": len(units)}
    job.state, job.note, job.total = State.READY, note, len(table.entries)
    job.errors = []
    jobs.keep_table(job, table)
    job.save()
    return job


def _write(job: ImportJob, at: datetime) -> ImportJob:
    """Write what the manager decided: all rows that are right, or nobody unless all are."""
    table = jobs.table_of(job)
    matches = beside_the_books(table)
    settled = table.settle()
    if refusal := _refusal(job, settled):
        return show(job, table, settled, refusal)
    matches = [one for one in matches if settled.outcomes[one.draft.row] in {tables.NEW, tables.UPDATE, tables.SAME}]
    report = _reporter(job, "write", len(matches))
    report(0)
    written = writing.write(matches, by=job.by_id, at=at, progress=report)
    counts = settled.counts
    job.preview, job.total = {**job.preview, **counts}, len(table.entries)
    job.done, job.created, job.updated, job.skipped = len(matches), written.created, written.updated, counts[tables.WRONG]
    if job.skipped:  # for the annotated sheet
        jobs.keep_table(job, table)
    who, target = f"manager:{job.by_id}", f"import:{job.uuid}"
    new, changed = written.created, written.updated
    audit.record("people.imported", actor=who, target=target, at=at, created=new, updated=changed, skipped=job.skipped)
    said: dict[str, str | int] = {"created": new, "updated": changed, "skipped": job.skipped, "job": str(job.uuid)}
    notify(kind="import.done", manager_id=job.by_id, context=said, at=at, about=f"import:{job.uuid}")
    return jobs.end(job, State.DONE, at, list(settled.problems))


def _refusal(job: ImportJob, settled: Settled) -> str:
    """Return the code of why nobody may be written now, or ""."""
    counts = settled.counts
    if job.whole and counts[tables.WRONG]:
        return "not_all_right"
    return "" if counts[tables.NEW] + counts[tables.UPDATE] + counts[tables.SAME] else "nobody_right"


def _reporter(job: ImportJob, step: str, total: int) -> Callable[[int], None]:
    started = clock.now()

    def report(done: int) -> None:
        spent = (clock.now() - started).total_seconds()
        left = round(spent / done * (total - done)) if done and total else None
        try:
            cache.set(f"import:{job.uuid}", {"step": step, "done": done, "total": total, "left_s": left}, jobs.KEPT_S)
            stop = cache.get(f"import-cancel:{job.uuid}")
        except RedisError:
            return  # a lost progress bar is no reason to lose the import
        if stop:
            raise Cancelled

    return report


def _quiet(job: ImportJob) -> None:
    """Forget how far the step came, so that the next one begins anew."""
    try:
        cache.delete_many([f"import:{job.uuid}", f"import-cancel:{job.uuid}"])
    except RedisError:
        return  # it goes by itself within the hour
