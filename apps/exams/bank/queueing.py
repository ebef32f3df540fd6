"""What a large import leaves for its worker: the file it read nothing of yet, the bell, and how far the worker is."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from apps.exams.bank.models import BankImport
from public.questions import reading
from public.questions.reading import Reading
from tenants import storage
from tenants.ringing import ring_later

LARGE_BYTES, LARGE_LETTERS, LARGE_LINES = 48_000, 60_000, 500
"""From here on a worker reads a file or a pasted text, or writes so many questions; some hundreds are read while one waits."""
LOST_AFTER = timedelta(minutes=5)
"""After so long without an end the bell is rung again: the worker was killed, or the broker has lost the message."""
GIVES_UP_AFTER = timedelta(hours=1)
_KEPT_S = 3600
_PASTED = ".pasted"


def is_large(data: bytes, text: str) -> bool:
    """Say whether reading this is left to a worker."""
    return len(data) > LARGE_BYTES or len(text) > LARGE_LETTERS


def keep(data: bytes, text: str) -> str:
    """Keep a file, or a pasted text, until it is read; return its name in the store."""
    name = storage.key(f"questions/imports/{uuid4().hex}{_PASTED if text else ''}")
    return str(default_storage.save(name, ContentFile(text.encode() if text else data)))


def read_kept(name: str, *, topic: str) -> Reading:
    """Read what was kept.

    :raises BadFile: it cannot be used
    """
    with default_storage.open(name) as file:
        data = file.read()
    return reading.read_text(data.decode(), topic=topic) if name.endswith(_PASTED) else reading.read(data, topic=topic)


def forget(job: BankImport) -> None:
    """Remove the file of a job once this is committed; the caller saves the job."""
    name, job.storage_key = job.storage_key, ""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def ring(job: BankImport, at: datetime) -> None:
    """Wake a worker after the commit; the caller saves the job. Without a broker nothing is lost: the schedule rings again."""
    from apps.exams.bank.tasks import import_questions

    job.rung_at = at
    ring_later(import_questions, str(job.uuid))


def tell(job: UUID, done: int, total: int) -> None:
    """Let the page know how many questions are judged or written; what runs in a transaction is seen only here."""
    cache.set(f"bank-import:{job}", (done, total), _KEPT_S)


def told(job: UUID) -> tuple[int, int] | None:
    """Return (done, total) of a running job, None before it counts."""
    found: tuple[int, int] | None = cache.get(f"bank-import:{job}")
    return found
