"""One list's job and its two sealed files: taken in, watched, cancelled, forgotten."""

from datetime import datetime, timedelta
from pathlib import PurePath
from uuid import UUID, uuid4

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import sealing
from apps.people.models import ImportJob
from apps.people.notify.port import notify
from apps.people.roster import table as tables
from apps.people.roster import workbook
from apps.people.roster.problems import Problem
from apps.people.roster.table import Table
from infra.kit.errors import DomainError
from tenants import storage
from tenants.errors import Unavailable
from tenants.ringing import ring_later

State, Step = ImportJob.State, ImportJob.Step
OPEN = (State.QUEUED, State.RUNNING)
WAITING = (State.MAPPING, State.READY)
"""Jobs that wait for a manager; several may wait at a time."""
KEPT_S = 3600
_LOST_AFTER = timedelta(hours=1)
_KEPT = timedelta(days=7)


def receive(*, data: bytes, file_name: str, manager_id: int, at: datetime) -> ImportJob:
    """Take a file in: look whether it can be read, keep it sealed, and queue its check for after the commit.

    :raises BadWorkbook: the file cannot be used
    :raises DomainError: 409 ``import_running``: one list at a time
    """
    workbook.check(data)
    with transaction.atomic():
        refuse_while_another_runs(at)
        _forget_ended()
        job = ImportJob(file_name=PurePath(file_name.replace("\\", "/")).name[-200:], by_id=manager_id, at=at, rung_at=at)
        job.storage_key = _keep(sealing.seal_bytes(data, sealing.ROSTER))
        job.save()
    ring(job, at)
    return job


def ring(job: ImportJob, at: datetime) -> None:
    """Wake a worker once the job is committed; a broker that does not answer ends the job, so that nothing waits for ever."""
    from apps.people.tasks import import_roster

    def lost() -> None:
        give_up(job, at)
        raise Unavailable

    ring_later(import_roster, str(job.uuid), otherwise=lost)


def refuse_while_another_runs(at: datetime) -> None:
    """Hold the enterprise's one place for imports until the transaction ends.

    :raises DomainError: 409 ``import_running``
    """
    one_at_a_time()
    for job in ImportJob.objects.filter(state__in=OPEN, rung_at__lt=at - _LOST_AFTER):
        give_up(job, at)  # its worker died, and its message was lost with the broker
    if ImportJob.objects.filter(state__in=OPEN).exists():
        raise DomainError("import_running", _("上一份名单还在导入，请等它完成或先取消。"), status=409)


def one_at_a_time() -> None:
    """Let nobody else of this enterprise import until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('people-import'))")


def give_up(job: ImportJob, at: datetime) -> None:
    """End a job that broke: a list that was looked over waits again, with everything mended in it. Its manager is told."""
    about = f"import:{job.uuid}/{at:%Y-%m-%dT%H:%M:%S}"
    notify(kind="import.failed", manager_id=job.by_id, context={"job": str(job.uuid)}, at=at, about=about)
    if job.step == Step.WRITE:
        wait_again(job, "interrupted")
    else:
        tidy(end(job, State.FAILED, at, [Problem(0, "", "interrupted")]))


def wait_again(job: ImportJob, note: str) -> ImportJob:
    """Put a list back before its manager; nothing was written. ``note`` says why."""
    job.state, job.note = State.READY, note
    job.done = job.created = job.updated = job.skipped = 0
    job.save()
    return job


def end(job: ImportJob, state: ImportJob.State, at: datetime, problems: list[Problem] | None = None) -> ImportJob:
    """Let a job rest. :func:`tidy` removes its files once that is committed."""
    job.state, job.ended_at = state, at
    if problems is not None:
        job.errors = [problem.as_json() for problem in problems]
    if state != State.DONE:
        job.done = job.created = job.updated = job.skipped = 0
    job.save()
    return job


def tidy(job: ImportJob) -> None:
    """Remove the files of a job that rests, unless somebody may still want the annotated sheet."""
    if job.state in {State.DONE, State.CANCELLED, State.FAILED} and job.storage_key and not job.skipped:
        forget(job)
        job.save(update_fields=["storage_key", "table_key"])


def cancel(*, job_uuid: UUID, at: datetime) -> None:
    """Stop a job that has not ended; what it wrote is rolled back within a thousand rows. A waiting list is given up.

    A list stopped while it was written waits again, for the work of mending it is not lost.

    :raises DomainError: 404 ``not_found``
    """
    with transaction.atomic():
        job = job_of(job_uuid, lock=True)
        idle = job.state == State.QUEUED or (job.state == State.RUNNING and cache.get(f"import:{job.uuid}") is None)
        if job.state in WAITING or (idle and job.step == Step.CHECK):
            end(job, State.CANCELLED, at)
        elif idle:
            wait_again(job, "stopped")
        elif job.state == State.RUNNING:
            cache.set(f"import-cancel:{job.uuid}", 1, KEPT_S)
    tidy(job)


def job_of(job_uuid: UUID, *, lock: bool = False) -> ImportJob:
    """Return a job.

    :raises DomainError: 404 ``not_found``
    """
    rows = ImportJob.objects.select_for_update() if lock else ImportJob.objects
    job = rows.filter(uuid=job_uuid).first()
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
    return sealing.unseal_bytes(_kept(job.storage_key), sealing.ROSTER)


def table_of(job: ImportJob) -> Table:
    """Return the rows of the list as they stand now.

    :raises DomainError: 410 ``file_gone`` after they were removed
    """
    return tables.unseal(_kept(job.table_key))


def keep_table(job: ImportJob, table: Table) -> None:
    """Keep the rows of the list and what is to be seen of them; the caller saves the job in its transaction."""
    before, job.table_key = job.table_key, _keep(tables.seal(table))
    if before:
        transaction.on_commit(lambda: default_storage.delete(before))


def forget(job: ImportJob) -> None:
    """Remove both files; the caller saves the job."""
    for key in filter(None, (job.storage_key, job.table_key)):
        default_storage.delete(key)
    job.storage_key = job.table_key = ""


def forget_old(*, at: datetime) -> int:
    """Remove the files of lists nobody touched for a week (only necessary personal data, PIPL art. 19); returns how many."""
    old = ImportJob.objects.exclude(storage_key="").exclude(state__in=OPEN).filter(at__lt=at - _KEPT)
    for job in old:
        if job.state in WAITING:
            tidy(end(job, State.CANCELLED, at))
        else:
            forget(job)
            job.save(update_fields=["storage_key", "table_key"])
    return len(old)


def _forget_ended() -> None:
    """Remove the files of ended jobs: a new upload replaces them. Lists that wait for a manager stay."""
    for job in _ended():
        forget(job)
        job.save(update_fields=["storage_key", "table_key"])


def withdraw() -> list[str]:
    """Let go of the files of ended jobs: a list tells of everybody in it, also of whoever is erased now. Returns their names; the caller removes
    them when the transaction has committed.
    """
    rows = list(_ended().select_for_update())
    names = [key for job in rows for key in (job.storage_key, job.table_key) if key]
    ImportJob.objects.filter(pk__in=[job.pk for job in rows]).update(storage_key="", table_key="")
    return names


def _ended() -> QuerySet[ImportJob]:
    return ImportJob.objects.exclude(storage_key="").exclude(state__in=(*OPEN, *WAITING))


def _keep(sealed: bytes) -> str:
    return default_storage.save(storage.key(f"imports/{uuid4()}"), ContentFile(sealed))


def _kept(key: str) -> bytes:
    if not key or not default_storage.exists(key):
        raise DomainError("file_gone", _("这份文件已按规定删除，请重新上传名单。"), status=410)
    with default_storage.open(key) as file:
        return bytes(file.read())
