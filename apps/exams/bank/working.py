"""A worker reads a large file, or writes its questions: each in one transaction, so that a kill leaves everything as it was."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.bank import importing, queueing
from apps.exams.bank.models import BankImport
from infra.kit.errors import DomainError

State = BankImport.State


def run(job_uuid: UUID, *, at: datetime) -> str:
    """Do what a job waits for; returns its state. Rung twice, or while another worker is at it, nothing happens.

    What a worker refuses is told on the job's page: a file that cannot be read ends it, a write waits again for its manager.
    """
    try:
        with transaction.atomic():
            row = BankImport.objects.select_for_update(of=("self",), skip_locked=True).select_related("bank")
            job = row.filter(uuid=job_uuid, state__in=BankImport.AT_WORK).first()
            if job is None:
                return ""
            return (importing.read_in if job.state == State.READING else importing.write_out)(job, at=at).state
    except DomainError as refusal:
        return _refused(job_uuid, refusal, at)


@transaction.atomic
def _refused(job_uuid: UUID, refusal: DomainError, at: datetime) -> str:
    """Tell what was refused, unless the job has come to another end since the worker let go of it."""
    job = BankImport.objects.select_for_update().filter(uuid=job_uuid, state__in=BankImport.AT_WORK).first()
    return _stop(job, str(refusal.message), at) if job else ""


def _stop(job: BankImport, words: str, at: datetime) -> str:
    job.problem = words[:300]
    if job.state == State.READING:
        job.state, job.ended_at = State.FAILED, at
        queueing.forget(job)
    else:
        job.state = State.READY
    job.save()
    return job.state


@transaction.atomic
def go_on(*, at: datetime) -> int:
    """Ring again for jobs of this enterprise whose worker never came to an end; returns how many. After an hour of that a job ends."""
    lost = BankImport.objects.filter(state__in=BankImport.AT_WORK, rung_at__lt=at - queueing.LOST_AFTER)
    found = list(lost.select_for_update(skip_locked=True))
    for job in found:
        since = datetime.fromisoformat(job.asked["since"]) if job.state == State.WRITING else job.at
        if at - since > queueing.GIVES_UP_AFTER:
            words = _("导入中断了，题库没有变化。请再试一次；仍然不行时，把文件分成几个。")
            _stop(job, str(words), at)
        else:
            queueing.ring(job, at)
            job.save(update_fields=["rung_at"])
    return len(found)
