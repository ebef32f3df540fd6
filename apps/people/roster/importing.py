"""From an uploaded file to people on the books: all of them or none (clauses 二.1, 二.9)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import PurePath
from uuid import UUID

import kombu.exceptions
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.people import sealing
from apps.people.models import ImportJob
from apps.people.roster import checks, matching, workbook, writing
from apps.people.roster.problems import Problem
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import storage
from tenants.errors import Unavailable

State = ImportJob.State
OPEN = (State.QUEUED, State.RUNNING)
_PROGRESS_S = 3600
_LOST_AFTER = timedelta(hours=1)


class Cancelled(Exception):
    """Somebody pressed 取消 while the list was coming in."""


def receive(*, data: bytes, file_name: str, manager_id: int, at: datetime) -> ImportJob:
    """Take a file in: look whether it can be read, keep it sealed, and queue the work for after the commit.

    :raises BadWorkbook: the file cannot be used
    :raises DomainError: 409 ``import_running``: one list at a time
    """
    workbook.check(data)
    with transaction.atomic():
        _one_at_a_time()
        _give_up_lost(at)
        if ImportJob.objects.filter(state__in=OPEN).exists():
            raise DomainError("import_running", _("上一份名单还在导入，请等它完成或先取消。"), status=409)
        _forget_files()
        job = ImportJob(file_name=PurePath(file_name.replace("\\", "/")).name[-200:], by_id=manager_id, at=at)
        sealed = sealing.seal_bytes(data, sealing.ROSTER)
        job.storage_key = default_storage.save(storage.key(f"imports/{job.uuid}"), ContentFile(sealed))
        job.save()
    _ring(job, at)
    return job


def _ring(job: ImportJob, at: datetime) -> None:
    """Wake a worker once the job is committed; a broker that does not answer ends the job, so that nothing waits for ever."""
    from apps.people.tasks import import_roster

    def ring() -> None:
        try:
            import_roster.delay(str(job.uuid))
        except (kombu.exceptions.OperationalError, RedisError) as error:
            _end(job, State.FAILED, at, [Problem(0, "", "interrupted")])
            raise Unavailable from error

    transaction.on_commit(ring)


def run(job_uuid: UUID, *, at: datetime) -> ImportJob:
    """Check the whole list and, when nothing is wrong, write everybody in one transaction. Repeating an ended job does nothing.

    :raises ImportJob.DoesNotExist: there is no such job
    """
    job = ImportJob.objects.get(uuid=job_uuid)
    if job.state not in OPEN:
        return job
    ImportJob.objects.filter(pk=job.pk, state=State.QUEUED).update(state=State.RUNNING)
    try:
        _reporter(job, "check", 0)(0)
        with transaction.atomic():
            _one_at_a_time()
            job.refresh_from_db()
            if job.state != State.RUNNING:
                return job
            state = _bring_in(job, at)
    except Cancelled:
        return _end(job, State.CANCELLED, at)
    except IntegrityError:
        return _end(job, State.FAILED, at, [Problem(0, "", "changed_meanwhile")])
    except Exception:
        _end(job, State.FAILED, at, [Problem(0, "", "interrupted")])
        raise
    return _end(job, state, at)


def cancel(*, job_uuid: UUID, at: datetime) -> None:
    """Stop a job that has not ended; what it wrote is rolled back within a thousand rows.

    :raises DomainError: 404 ``not_found``
    """
    job = job_of(job_uuid)
    idle = OPEN if cache.get(f"import:{job.uuid}") is None else (State.QUEUED,)
    if not ImportJob.objects.filter(pk=job.pk, state__in=idle).update(state=State.CANCELLED, ended_at=at):
        cache.set(f"import-cancel:{job.uuid}", 1, _PROGRESS_S)


def job_of(job_uuid: UUID) -> ImportJob:
    """Return a job.

    :raises DomainError: 404 ``not_found``
    """
    job = ImportJob.objects.filter(uuid=job_uuid).first()
    if job is None:
        raise DomainError("not_found", _("没有找到这次导入。"), status=404)
    return job


def progress_of(job: ImportJob) -> dict[str, object]:
    """Return ``{"step": "check"|"write"|"", "done", "total", "left_s"}``; rows of a running transaction are seen only here."""
    known: dict[str, object] | None = cache.get(f"import:{job.uuid}")
    return known or {"step": "", "done": 0, "total": 0, "left_s": None}


def file_of(job: ImportJob) -> bytes:
    """Return the uploaded file.

    :raises DomainError: 410 ``file_gone`` after it was removed
    """
    if not job.storage_key or not default_storage.exists(job.storage_key):
        raise DomainError("file_gone", _("这份文件已按规定删除，请重新上传名单。"), status=410)
    with default_storage.open(job.storage_key) as file:
        return sealing.unseal_bytes(file.read(), sealing.ROSTER)


def _bring_in(job: ImportJob, at: datetime) -> ImportJob.State:
    rows = workbook.rows(file_of(job))
    checked = checks.check(rows, on=clock.shanghai_date(at), progress=_reporter(job, "check", 0))
    job.total = checked.total
    matched = matching.match(checked.drafts)
    problems = sorted([*checked.problems, *matched.problems], key=lambda problem: problem.row)
    if problems:
        job.errors = [problem.as_json() for problem in problems]
        return State.REFUSED
    report = _reporter(job, "write", len(matched.matches))
    report(0)
    written = writing.write(matched.matches, at=at, progress=report)
    job.done, job.created, job.updated = checked.total, written.created, written.updated
    who, target = f"manager:{job.by_id}", f"import:{job.uuid}"
    audit.record("people.imported", actor=who, target=target, at=at, created=written.created, updated=written.updated)
    return State.DONE


def _reporter(job: ImportJob, step: str, total: int) -> Callable[[int], None]:
    started = clock.now()

    def report(done: int) -> None:
        spent = (clock.now() - started).total_seconds()
        left = round(spent / done * (total - done)) if done and total else None
        try:
            cache.set(f"import:{job.uuid}", {"step": step, "done": done, "total": total, "left_s": left}, _PROGRESS_S)
            stop = cache.get(f"import-cancel:{job.uuid}")
        except RedisError:
            return  # a lost progress bar is no reason to lose the import
        if stop:
            raise Cancelled

    return report


def _end(job: ImportJob, state: ImportJob.State, at: datetime, problems: list[Problem] | None = None) -> ImportJob:
    job.state, job.ended_at = state, at
    if problems is not None:
        job.errors = [problem.as_json() for problem in problems]
    if state != State.DONE:
        job.done = job.created = job.updated = 0
    if state != State.REFUSED:  # the annotated sheet is made from the file
        _forget(job)
    job.save()
    return job


def _forget(job: ImportJob) -> None:
    if job.storage_key:
        default_storage.delete(job.storage_key)
        job.storage_key = ""


def _forget_files() -> None:
    """Remove the files of ended jobs: a new upload replaces them (only necessary personal data, PIPL art. 19)."""
    for job in ImportJob.objects.exclude(storage_key="").exclude(state__in=OPEN):
        _forget(job)
        job.save(update_fields=["storage_key"])


def _give_up_lost(at: datetime) -> None:
    """End jobs whose worker died and whose message was lost with the broker."""
    for job in ImportJob.objects.filter(state__in=OPEN, at__lt=at - _LOST_AFTER):
        _end(job, State.FAILED, at, [Problem(0, "", "interrupted")])


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('people-import'))")
