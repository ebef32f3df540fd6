"""Object store in a folder of this machine: for one server, and for development."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from tenants.objects.shapes import Chunks, Stored
from tenants.storage import require_readable, require_writable


@deconstructible(path="tenants.objects.files.PlacedFiles")
class PlacedFiles(FileSystemStorage):
    """Django's file storage in which each place reaches its own files only. See `shapes.ObjectStore`."""

    direct_origin = ""

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        (require_readable if mode == "rb" else require_writable)(name)
        return super()._open(name, mode)  # type: ignore[misc,no-any-return] # the stubs leave it out

    def _save(self, name: str, content: Any) -> str:
        require_writable(name)
        return super()._save(name, content)  # type: ignore[misc,no-any-return]

    def delete(self, name: str) -> None:
        """Delete a file; one that is gone is no error."""
        require_writable(name)
        super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        require_readable(name)
        return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return folders and files right under ``path``."""
        require_readable(f"{path.rstrip('/')}/")
        return super().listdir(path)

    def size(self, name: str) -> int:
        """Return the size in bytes; raises FileNotFoundError."""
        return self.stat(name).size

    def stat(self, name: str) -> Stored:
        """Return what is known of a file; raises FileNotFoundError."""
        require_readable(name)
        path = Path(self.path(name))
        found = path.stat()
        if not path.is_file():
            raise FileNotFoundError(name)
        return Stored(
            name,
            found.st_size,
            f'"{found.st_mtime_ns:x}-{found.st_size:x}"',
            datetime.fromtimestamp(int(found.st_mtime), UTC),
        )

    def stream(self, file: Stored, start: int, length: int) -> Iterable[bytes]:
        """Return a piece of the file; a replaced file keeps its old bytes for those who have it open."""
        require_readable(file.name)
        handle = Path(self.path(file.name)).open("rb")  # noqa: SIM115 - closed by Chunks, with the response
        handle.seek(start)
        return Chunks(handle, length)

    def address(self, name: str, *, seconds: int) -> str:
        """Files of this machine have no address of their own."""
        require_readable(name)
        return ""

    def replace(self, name: str, content: bytes) -> None:
        """Write beside the file and rename over it."""
        require_writable(name)
        path = Path(self.path(name))
        if not path.is_file():
            raise FileNotFoundError(name)
        with NamedTemporaryFile(dir=path.parent, delete=False) as made:
            made.write(content)
            made.flush()
            os.fsync(made.fileno())
        Path(made.name).chmod(path.stat().st_mode)
        Path(made.name).replace(path)

    def put_once(self, name: str, content: bytes, *, until: datetime) -> bool:
        """Write a file nobody may write again; this machine's owner still can, so nothing is promised."""
        require_writable(name)
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as made:
            made.write(content)
            made.flush()
            os.fsync(made.fileno())
        try:
            Path(made.name).chmod(0o444)
            os.link(made.name, path)  # whole or not at all, and never over another
        finally:
            Path(made.name).unlink()
        return False
