"""Packages read back: fetched, decrypted, checked byte by byte."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.storage import default_storage

from apps.records.retention import bundles, keys
from apps.records.retention.bundles import BadBundle
from apps.records.retention.ports import KeptRow
from infra.kit import streams
from infra.kit.crypto import SealBroken
from infra.kit.notes import NoteVerifier
from public.retention.api import Package
from public.seals import api as seals
from tenants.api import platform_scope

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a bundle lies and what opens it: a package's, or one that is not a row yet. ``sha256``: of the bytes in the store."""

    uuid: UUID
    storage_key: str
    sha256: str
    key_sealed: bytes


def stored(package: Package) -> Stored:
    """Return where a package lies."""
    return Stored(package.uuid, package.storage_key, package.sha256, bytes(package.key_sealed))


@contextmanager
def plain(where: Stored) -> Iterator[BinaryIO]:
    """Fetch and decrypt a bundle into a temporary file that nobody else sees, which is gone after the block.

    :raises BadBundle: the bytes are not those that were written, or the file is gone
    """
    with tempfile.TemporaryFile() as file:
        try:
            with default_storage.open(where.storage_key) as source:
                counted = _Counted(cast("BinaryIO", source))
                for chunk in streams.unseal(cast("BinaryIO", counted), key=keys.opened(where.key_sealed)):
                    file.write(chunk)
        except FileNotFoundError as error:
            raise BadBundle("the file is gone") from error
        except SealBroken as error:
            raise BadBundle(f"seal: {error}") from error
        if counted.digest.hexdigest() != where.sha256:
            raise BadBundle("the stored bytes are not those that were written")
        file.seek(0)
        yield cast("BinaryIO", file)


class _Counted:
    """Reads on, and knows the digest of what was read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


@contextmanager
def verified(where: Stored) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """Open a bundle whose every byte was checked against its signed manifest; yields it with the manifest.

    :raises BadBundle: it is not what was signed
    """
    with platform_scope():
        known: list[NoteVerifier] = seals.verifiers()
    with plain(where) as file, bundles.opened(file) as bundle:
        yield bundle, bundles.check(bundle, package=where.uuid, known=known)


def rows_of(bundle: zipfile.ZipFile, part: str) -> Iterator[KeptRow]:
    """Yield the rows of one part of a bundle; ``files`` are the names that they had in the store."""
    return (row for row, _inside in rows_with_files(bundle, part))


def rows_with_files(bundle: zipfile.ZipFile, part: str) -> Iterator[tuple[KeptRow, list[str]]]:
    """Yield the rows of one part of a bundle, each with where its files lie in the bundle."""
    for row, files in lines_of(bundle, f"rows/{part}.jsonl"):
        names = tuple(one["name"] for one in files)
        yield KeptRow(row.id, row.learner, row.at, row.body, names), [one["in"] for one in files]


def lines_of(bundle: zipfile.ZipFile, name: str, begin: int = 0, end: int | None = None) -> Iterator[tuple[KeptRow, list[Any]]]:
    """Yield the rows of a file of lines, without files, and beside each what stands of its files; lines outside ``begin`` … ``end`` are not read as JSON."""
    with bundle.open(name) as lines:
        for line in islice(lines, begin, end):
            told = json.loads(line)
            learner = UUID(told["learner"]) if told["learner"] else None
            yield KeptRow(told["id"], learner, datetime.fromisoformat(told["at"]), told["body"]), told["files"]
