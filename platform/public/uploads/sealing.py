"""Files that only a few may read lie encrypted: each under a key of its own, which the platform's data keys seal (clause 五.1).

Parts arrive in clear, for browsers send them straight to the store, and are read by the scanner; the encrypted file takes their place.
"""

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage

from infra.kit import streams
from public.uploads.models import Upload
from public.uploads.stores import name_of, sealed_name, store
from tenants import keys
from tenants.scope import platform_scope


def seal(row: Upload, plain: Path) -> bytes:
    """Write the file encrypted beside the plain one, over what a broken try left; returns its key as the row keeps it."""
    key, name = streams.new_key(), sealed_name(row)
    with plain.open("rb") as source, tempfile.TemporaryFile() as sealed:
        streams.seal(source, cast("BinaryIO", sealed), key=key)
        sealed.seek(0)
        default_storage.delete(name)
        default_storage.save(name, File(sealed))
    with platform_scope():
        return keys.seal(key, purpose=_purpose(row))


def has_plain(row: Upload) -> bool:
    """Say whether the plain file of a sealed upload still lies there."""
    return default_storage.exists(name_of(row))


def forget_plain(row: Upload) -> None:
    """Remove the plain file of a sealed upload; nothing where it has gone already."""
    default_storage.delete(name_of(row))


def opened(row: Upload) -> IO[bytes]:
    """Open a whole file for reading from its beginning, decrypted on the way.

    :raises SealBroken: on reading, where somebody altered it
    """
    if row.key_sealed is None:
        try:
            return cast("IO[bytes]", default_storage.open(name_of(row)))
        except FileNotFoundError:  # encrypted since the row was read (`late`), or lost
            row.refresh_from_db(fields=["key_sealed"])
            if row.key_sealed is None:
                raise
    key = keys.unseal(row.key_sealed, purpose=_purpose(row), owner=keys.PLATFORM)
    source = cast("BinaryIO", default_storage.open(sealed_name(row)))
    return cast("IO[bytes]", io.BufferedReader(_Plain(source, streams.unseal(source, key=key))))


@contextmanager
def local(row: Upload) -> Iterator[Path]:
    """Give a whole file a path on this machine for the block; a sealed one a plain copy that goes with it.

    :raises DomainError: ``no_space``
    """
    if row.key_sealed is None:
        with store().local(row) as path:
            yield path
        return
    with tempfile.NamedTemporaryFile(prefix="anxue-upload-") as file, opened(row) as source:
        shutil.copyfileobj(source, file)
        file.flush()
        yield Path(file.name)


class _Plain(io.RawIOBase):
    """Chunks as a stream that is read once, from beginning to end."""

    def __init__(self, source: BinaryIO, chunks: Iterator[bytes]) -> None:
        self._source, self._chunks, self._left = source, chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        room = memoryview(buffer).cast("B")
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


def _purpose(row: Upload) -> str:
    return f"upload/{row.uuid}"
