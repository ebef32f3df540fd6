"""Old months brought back for a look: all rows of one learner, or of one month, out of the packages. The tables stay as they are."""

import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO

from django.db.models import QuerySet

from apps.records.retention import keys, orders, reading
from apps.records.retention.orders import Progress
from apps.records.retention.ports import KEEPERS, KeptRow
from infra.kit import canonical
from public.retention.api import Order, Package, Step
from tenants.api import require

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a restored file, with how many rows it has."""

    name: str
    label: str
    rows: int


def wanted(order: Order) -> QuerySet[Package]:
    """Return the packages that an order is about and that still exist, oldest first."""
    rows = Package.objects.filter(schema_name=require().schema).exclude(steps__kind=Step.Kind.EXPIRED)
    if order.subject is not None:
        rows = rows.filter(learners__contains=[keys.index_of(order.subject)])
    if order.month is not None:
        rows = rows.filter(month=order.month)
    return rows.order_by("month", "what", "volume")


def make(order: Order, target: BinaryIO, report: Progress) -> int:
    """Write a ZIP of the rows, one file a part, and their files; return how many rows. Memory stays at one row, or one file.

    :raises BadBundle: a package is not what was signed: nothing is shown of a package that is not whole
    """
    found, counts, drafts = list(wanted(order).defer("learners")), Counter[str](), dict[str, IO[bytes]]()
    with ExitStack() as stack, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for done, package in enumerate(found):
            report("packages", done, len(found))
            with reading.verified(reading.stored(package)) as (bundle, _manifest):
                for part in package.contents:
                    draft = drafts.get(part) or drafts.setdefault(part, stack.enter_context(tempfile.TemporaryFile()))
                    for line in _taken(order, package, bundle, part, made):
                        draft.write(line)
                        counts[part] += 1
        for part, draft in drafts.items():
            draft.seek(0)
            with made.open(f"rows/{part}.jsonl", "w", force_zip64=True) as rows_file:
                shutil.copyfileobj(draft, rows_file, _PIECE)
    return counts.total()


def _taken(order: Order, package: Package, bundle: zipfile.ZipFile, part: str, made: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield the lines of one part that the order is about; their files are copied, under names that tell the package."""
    there = frozenset(bundle.namelist())
    for row, inside in reading.rows_with_files(bundle, part):
        if order.subject is not None and row.learner != order.subject:
            continue
        files = []
        for path in (path for path in inside if path in there):
            files.append(f"files/{package.uuid.hex[:12]}-{path.removeprefix('files/')}")
            made.writestr(files[-1], bundle.read(path))
        learner = str(row.learner) if row.learner else None
        line = {"id": row.id, "learner": learner, "at": row.at.isoformat(), "body": row.body, "files": files}
        yield canonical.encode({**line, "package": str(package.uuid)}) + b"\n"


def parts(order: Order, *, at: datetime) -> list[Part]:
    """Return what a restored file holds.

    :raises DomainError: 409 ``order_running``; 410 ``file_gone``
    """
    with orders.plain(order, at=at) as file, zipfile.ZipFile(file) as made:
        names = [name for name in made.namelist() if name.startswith("rows/")]
        counts = {name[5:-6]: _count(made, name) for name in names}
    return [Part(name, KEEPERS.label(name), rows) for name, rows in counts.items()]


def _count(made: zipfile.ZipFile, name: str) -> int:
    with made.open(name) as lines:
        return sum(piece.count(b"\n") for piece in iter(lambda: lines.read(_PIECE), b""))


def rows(order: Order, part: str, *, at: datetime, begin: int = 0, end: int | None = None) -> list[KeptRow]:
    """Return the restored rows of one part, oldest first, ``files`` as they are called in the copy; [] for a part that is not there.

    :param begin: the first one wanted, ``end`` the first that is not: a page of a million rows costs a page
    :raises DomainError: 409 ``order_running``; 410 ``file_gone``
    """
    with orders.plain(order, at=at) as file, zipfile.ZipFile(file) as made:
        return list(_rows(made, part, begin, end))


def _rows(made: zipfile.ZipFile, part: str, begin: int = 0, end: int | None = None) -> Iterator[KeptRow]:
    name = f"rows/{part}.jsonl"
    for row, files in reading.lines_of(made, name, begin, end) if name in made.namelist() else ():
        yield KeptRow(row.id, row.learner, row.at, row.body, tuple(files))


def pictures(order: Order, part: str, row_id: int, *, at: datetime) -> list[bytes]:
    """Return the pictures of one restored row, opened by whoever knows how; [] where there are none, or the person's key is destroyed.

    :raises DomainError: 409 ``order_running``; 410 ``file_gone``
    """
    with orders.plain(order, at=at) as file, zipfile.ZipFile(file) as made:
        found = next((row for row in _rows(made, part) if row.id == row_id), None)
        names = found.files if found else ()
        return [one for name in names if found for one in KEEPERS.pictures(part, found, made.read(name))]
