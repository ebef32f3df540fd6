"""What a worker does with an ordered package: a PDF and a workbook for each file, one ZIP, sealed and kept."""

import hashlib
import json
import re
import tempfile
import zipfile
from datetime import datetime
from typing import IO, BinaryIO, cast
from uuid import UUID

from django.utils.translation import gettext as _

from apps.records.archives import packages
from apps.records.archives.learner_file import learner_file
from apps.records.archives.models import ArchivePackage
from apps.records.archives.shapes import FileDocument
from apps.records.archives.workbook import workbook
from apps.records.events import package_made
from apps.records.ports import CLASS_FILES, FILE_PRINTER
from infra.kit import clock, marking
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import orders
from tenants.api import current_site

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def build(uuid: UUID, *, at: datetime) -> ArchivePackage:
    """Make the package. Repeating an ended one does nothing; one whose worker died is made again.

    :raises ArchivePackage.DoesNotExist: there is no such package
    """
    row = ArchivePackage.objects.get(uuid=uuid)
    if row.state not in orders.OPEN:
        return row
    carried = orders.carried_out(row, who=row.by, name=row.by_name)
    with carried, tempfile.TemporaryFile() as out:
        _zip(row, out, at)
        _keep(row, cast("BinaryIO", out))
    return row


def _keep(row: ArchivePackage, zipped: BinaryIO) -> None:
    digest = orders.keep(row, zipped, folder="archives", purpose=packages.PURPOSE)
    if not digest:
        return
    audit.record("archives.package_made", actor=row.by, target=f"archives:{row.uuid}", at=clock.now(), sha256=digest)
    news = {"package": row.uuid, "by": row.by, "files": len(row.subjects), "at": clock.now()}
    package_made.send_robust(sender=ArchivePackage, **news)


def _zip(row: ArchivePackage, out: IO[bytes], at: datetime) -> None:
    """Write the files one after the other; what is gone meanwhile is told in the list and skipped."""
    started = clock.now()
    listed: list[dict[str, object]] = []
    sums: list[str] = []
    missing: list[dict[str, str]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number, subject in enumerate(row.subjects, 1):
            try:
                document = _document(row, UUID(subject), at)
            except DomainError as refusal:
                missing.append({"subject": subject, "why": refusal.code})
                continue
            names = []
            for ending, data in (("pdf", FILE_PRINTER.get().file(document)), ("xlsx", workbook(document))):
                name = f"{number:04d}-{_safe(document.stem)}.{ending}"
                made.writestr(_entry(name, at), data)
                sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
                names.append(name)
            listed.append({"number": document.number, "title": document.title, "files": names})
            _report(row, number, started)
        made.writestr(_entry("manifest.json", at), _manifest(row, listed, missing, at))
        made.writestr(_entry("SHA256SUMS", at), "".join(sums))


def _document(row: ArchivePackage, subject: UUID, at: datetime) -> FileDocument:
    if row.kind == ArchivePackage.Kind.LEARNERS:
        return learner_file(subject, at=at)
    within = None if row.within is None else frozenset(row.within)
    return CLASS_FILES.get().document(subject, within=within, at=at)


def _safe(stem: str) -> str:
    return _UNSAFE.sub("_", stem).strip(". ")[:80] or _("档案")


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(clock.SHANGHAI)
    found = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _manifest(row: ArchivePackage, listed: list[dict[str, object]], missing: list[dict[str, str]], at: datetime) -> str:
    site = current_site()
    told = {
        "enterprise": site.name,
        "uscc": site.uscc,
        "package": str(row.uuid),
        "kind": row.kind,
        "label": marking.PERSONS.code,
        "made_at": at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
        "files": listed,
        "missing": missing,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _report(row: ArchivePackage, done: int, started: datetime) -> None:
    """Say how far it is, and look whether somebody has stopped it."""
    total, spent = len(row.subjects), (clock.now() - started).total_seconds()
    orders.report(row, {"done": done, "total": total, "left_s": round(spent / done * (total - done))})
