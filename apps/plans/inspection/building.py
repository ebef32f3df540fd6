"""What a worker does with an ordered package: write the workbook and the document, seal the ZIP, keep it."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, BinaryIO, cast
from uuid import UUID

from apps.plans.inspection import content, documents, packages
from apps.plans.models import InspectionPackage
from infra.kit import clock, marking
from public.audit import api as audit
from tenants import orders
from tenants.api import current_site


def build(uuid: UUID, *, at: datetime) -> InspectionPackage:
    """Make the package. Repeating an ended one does nothing; one whose worker died is made again.

    :raises InspectionPackage.DoesNotExist: there is no such package
    """
    row = InspectionPackage.objects.select_related("unit", "by").get(uuid=uuid)
    if row.state not in orders.OPEN:
        return row
    carried = orders.carried_out(row, who=f"manager:{row.by_id}", name=row.by.name)
    with carried, tempfile.TemporaryFile() as out:
        _zip(row, out, at)
        _keep(row, cast("BinaryIO", out))
    return row


def _keep(row: InspectionPackage, zipped: BinaryIO) -> None:
    if digest := orders.keep(row, zipped, folder="inspections", purpose=packages.PURPOSE):
        who = f"manager:{row.by_id}"
        audit.record("inspection.package_made", actor=who, target=f"package:{row.uuid}", at=clock.now(), sha256=digest)


def _zip(row: InspectionPackage, out: IO[bytes], at: datetime) -> None:
    scope = content.scope_of(row)
    report = _reporter(row, scope)
    files = {
        "培训台账.xlsx": documents.workbook(scope, progress=report),
        "培训情况报告.pdf": documents.report(scope, unit=row.unit.name if row.unit else "", at=at),
    }
    report("pack", 0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(_entry(name, at), data)
        made.writestr(_entry("manifest.json", at), _manifest(row, files, at))
        made.writestr(_entry("SHA256SUMS", at), "".join(f"{_sha(data)}  {name}\n" for name, data in files.items()))


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(clock.SHANGHAI)
    found = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _manifest(row: InspectionPackage, files: dict[str, bytes], at: datetime) -> str:
    site = current_site()
    told = {
        "enterprise": site.name,
        "uscc": site.uscc,
        "package": str(row.uuid),
        "unit": row.unit.name if row.unit else None,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "label": marking.PERSONS.code,
        "made_at": at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
        "files": [{"name": name, "bytes": len(data), "sha256": _sha(data)} for name, data in files.items()],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _reporter(row: InspectionPackage, scope: content.Scope) -> Callable[[str, int], None]:
    """Return what is told after each slice of rows; it also looks whether somebody has stopped the package."""
    sums = content.sums(scope)
    total, started = sums.people + 2 * sums.duties + sums.certificates, clock.now()
    counted = _Count()

    def report(step: str, rows: int) -> None:
        counted.rows += rows
        spent = (clock.now() - started).total_seconds()
        left = round(spent / counted.rows * max(0, total - counted.rows)) if counted.rows else None
        orders.report(row, {"step": step, "done": min(counted.rows, total), "total": total, "left_s": left})

    return report


class _Count:
    rows = 0
