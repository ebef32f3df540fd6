"""What a worker does with a batch: print slice by slice into a ZIP, or look at one learner after another and issue what is due."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO, cast
from uuid import UUID

from apps.plans import services
from apps.plans.certificates import batches, queries, sheets
from apps.plans.certificates.batches import Kind, State
from apps.plans.models import Assignment, CertificateBatch
from apps.records import api as records
from infra.kit import clock
from public.audit import api as audit
from tenants import orders

_FILES, _PEOPLE = 20, 20
"""Signed files, or learners, of one slice: about a second; after each the row tells how far it is."""
Made = Iterator[tuple[str, bytes]]


def work(uuid: UUID, *, at: datetime) -> CertificateBatch:
    """Do the batch. Repeating an ended one does nothing; one whose worker died is begun anew, and no certificate is issued twice.

    :raises CertificateBatch.DoesNotExist: there is no such batch
    """
    row = CertificateBatch.objects.select_related("by").get(uuid=uuid)
    if row.state not in orders.OPEN:
        return row
    with orders.carried_out(row, who=f"manager:{row.by_id}", name=row.by.name, started_at=at, done=0):
        _WORK[row.kind](row, at)
    return row


def _issue(row: CertificateBatch, at: datetime) -> None:
    for start in range(0, row.total, _PEOPLE):
        for learner_id in row.ids[start : start + _PEOPLE]:
            services.review_completion(learner_id=learner_id, at=at)
        _tell(row, start + _PEOPLE, made=_issued(row))
    orders.finish(row, done=row.total, made=_issued(row))


def _issued(row: CertificateBatch) -> int:
    """Return how many certificates these people were given since it was ordered, also by a worker that died on the way."""
    return Assignment.objects.filter(learner_id__in=row.ids, certificate__issued_at__gte=row.at).count()


def _print(row: CertificateBatch, at: datetime) -> None:
    with tempfile.TemporaryFile() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:  # PDF files are compressed within
            for name, data in _SLICES[row.kind](row):
                made.writestr(_entry(name, at), data)
            listed = queries.certified().filter(certificate__in=row.ids).order_by("certificate__serial")
            sheet = sheets.certificate_sheet(listed, origin=row.origin, on=clock.shanghai_date(at))
            made.writestr(_entry("证明清单.xlsx", at), sheet)
        _keep(row, cast("BinaryIO", out))


def _sheets(row: CertificateBatch) -> Made:
    for start in range(0, row.total, records.SHEET_PAGES):
        part = row.ids[start : start + records.SHEET_PAGES]
        yield f"打印-{start + 1:04}-{start + len(part):04}.pdf", records.certificate_sheets(part, platform_origin=row.origin)
        _tell(row, start + len(part))


def _files(row: CertificateBatch) -> Made:
    for start in range(0, row.total, _FILES):
        made = records.certificate_files(row.ids[start : start + _FILES], platform_origin=row.origin)
        yield from ((f"证明/{number}.pdf", data) for number, data in made.items())
        _tell(row, start + _FILES)


_WORK: dict[str, Callable[[CertificateBatch, datetime], None]] = {
    Kind.ISSUE: _issue,
    Kind.SHEETS: _print,
    Kind.FILES: _print,
}
_SLICES: dict[str, Callable[[CertificateBatch], Made]] = {Kind.SHEETS: _sheets, Kind.FILES: _files}


def _tell(row: CertificateBatch, done: int, **more: int) -> None:
    """Write down how far it is.

    :raises Cancelled: somebody has stopped it
    """
    running = CertificateBatch.objects.filter(pk=row.pk, state=State.RUNNING)
    if not running.update(done=min(done, row.total), **more):
        raise orders.Cancelled


def _keep(row: CertificateBatch, zipped: BinaryIO) -> None:
    if digest := orders.keep(row, zipped, folder="certificates", purpose=batches.PURPOSE, done=row.total):
        who = f"manager:{row.by_id}"
        audit.record("certificates.printed", actor=who, target=f"batch:{row.uuid}", at=clock.now(), sha256=digest)


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(clock.SHANGHAI)
    return zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
