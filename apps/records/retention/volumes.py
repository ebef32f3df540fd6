"""One volume of a month: rows, their files and the month's ledger go into an encrypted bundle in the object store, which is then read back."""

import hashlib
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage

from apps.records import rules as chains
from apps.records.models import LedgerEntry
from apps.records.retention import keys, reading, rules
from apps.records.retention.bundles import BadBundle, Bundle
from apps.records.retention.ports import KeptRow
from infra.kit import canonical, clock, streams
from infra.kit.notes import NoteSigner
from public.retention.api import Package
from public.seals import api as seals
from tenants import storage
from tenants.api import current_site
from tenants.objects import store

ROWS, BYTES = 50_000, 48 << 20
"""A volume ends after so many rows, or so many bytes of files: it is held in memory once."""
_PIECE = 1 << 20
Line = tuple[str, KeptRow]
"""The part that a row belongs to, and the row."""


@dataclass(frozen=True, slots=True)
class Title:
    """Which volume: kind of data, month, number, and until when it is kept (one day after its last)."""

    what: str
    month: date
    volume: int
    kept_until: date


def take(lines: Iterator[Line]) -> list[Line]:
    """Return the lines of the next volume, [] where there are no more."""
    taken: list[Line] = []
    size = 0
    for line in lines:
        taken.append(line)
        size += sum(_size(name) for name in line[1].files)
        if len(taken) >= ROWS or size >= BYTES:
            break
    return taken


def _size(name: str) -> int:
    try:
        return default_storage.size(name)
    except FileNotFoundError:
        return 0


def write(title: Title, lines: Sequence[Line], *, signers: Sequence[NoteSigner], at: datetime) -> Package:
    """Write a volume, read it back from the store and check every byte and row; only then there is a package.

    :raises BadBundle: what came back is not what was written
    :raises Unavailable: the object store does not answer
    """
    package = uuid.uuid4()
    key, key_sealed = keys.new_key()
    with tempfile.TemporaryFile() as made, tempfile.TemporaryFile() as sealed:
        contents, manifest = _bundle(cast("BinaryIO", made), package, title, lines, signers=signers, at=at)
        made.seek(0)
        streams.seal(cast("BinaryIO", made), cast("BinaryIO", sealed), key=key)
        sealed.seek(0)
        data = sealed.read()
    name = storage.key(f"cold/{title.what.lower()}/{title.month:%Y-%m}/{title.volume:03d}-{package}.axs")
    is_locked = store().put_once(name, data, until=clock.shanghai_midnight(title.kept_until))
    where = reading.Stored(package, name, hashlib.sha256(data).hexdigest(), key_sealed)
    _read_back(where, lines)
    return Package.objects.create(
        uuid=package, what=title.what, month=title.month, volume=title.volume, rows=len(lines), contents=contents,
        learners=sorted({keys.index_of(row.learner) for _part, row in lines if row.learner}),
        storage_key=name, size=len(data), sha256=where.sha256, manifest_sha256=manifest, is_locked=is_locked,
        kept_until=title.kept_until, key_sealed=key_sealed, made_at=at, verified_at=at,
    )  # fmt: skip


def _read_back(where: reading.Stored, lines: Sequence[Line]) -> None:
    """Compare what lies in the store with what is still in the tables, row by row."""
    with reading.verified(where) as (bundle, _manifest):
        for part, group in groupby(lines, key=lambda line: line[0]):
            wanted = [row for _part, row in group]
            if list(reading.rows_of(bundle, part)) != wanted:
                raise BadBundle(f"{part}: the rows that came back are not those that were written")


def _bundle(
    target: BinaryIO, package: uuid.UUID, title: Title, lines: Sequence[Line], *, signers: Sequence[NoteSigner], at: datetime
) -> tuple[dict[str, Any], str]:
    """Write the plain bundle; return the contents for the row and the manifest's digest."""
    bundle, contents = Bundle(target, at=at), {}
    files: list[tuple[str, str]] = []
    for part, group in groupby(lines, key=lambda line: line[0]):
        rows = [row for _part, row in group]
        told = bundle.add(f"rows/{part}.jsonl", _jsonl(rows, files), is_lines=True)
        contents[part] = {"rows": len(rows), "sha256": told["sha256"], "ids": rules.multirange(row.id for row in rows)}
    for name, path in files:
        if default_storage.exists(name):
            bundle.add(path, _pieces(name), is_packed=True)
    ledger = _ledger(bundle, title) if title.volume == 1 else None
    site = current_site()
    facts = {
        "enterprise": {"name": site.name, "uscc": site.uscc, "schema": site.schema_name},
        "what": title.what, "month": f"{title.month:%Y-%m}", "volume": title.volume, "ledger": ledger,
    }  # fmt: skip
    return contents, bundle.close(facts, package=package, signers=signers)


def _jsonl(rows: Iterable[KeptRow], files: list[tuple[str, str]]) -> Iterator[bytes]:
    """Yield the rows as lines of canonical JSON, and note the files that go along, each under a name of the bundle."""
    for row in rows:
        told = []
        for name in row.files:
            files.append((name, f"files/{len(files) + 1:06d}"))
            told.append({"name": name, "in": files[-1][1]})
        learner = str(row.learner) if row.learner else None
        line = {"id": row.id, "learner": learner, "at": row.at.isoformat(), "body": row.body, "files": told}
        yield canonical.encode(line) + b"\n"


def _pieces(name: str) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        while piece := file.read(_PIECE):
            yield piece


def _ledger(bundle: Bundle, title: Title) -> dict[str, Any]:
    """Add the ledger's entries of the month and its newest head. They stay in the ledger for ever; the copy shows what the rows rest on."""
    since, until = rules.bounds(title.month)
    entries = LedgerEntry.objects.filter(at__gte=since, at__lt=until).order_by("pk")
    bundle.add("ledger.jsonl", (entry_line(row) for row in entries.iterator(chunk_size=2_000)), is_lines=True)
    head = seals.newest()
    if head is not None:
        bundle.add("ledger-head.note", [head.note.encode()])
    return {"size": head.size if head else 0, "root": bytes(head.root).hex() if head else ""}


def entry_line(row: LedgerEntry) -> bytes:
    """Return an entry of the ledger as a line of canonical JSON: content, the hash before it, its own."""
    content = chains.entry_content(subject=row.subject, n=row.n, kind=row.kind, body=row.body, at=row.at)
    return canonical.encode({"entry": content, "prev": bytes(row.prev).hex(), "hash": bytes(row.hash).hex()}) + b"\n"
