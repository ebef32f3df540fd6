"""Object store in any S3 service: several servers, one store."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from tenants.errors import Unavailable
from tenants.objects.shapes import Chunks, Stored
from tenants.storage import require_readable, require_writable

log = logging.getLogger("anxue.objects")


@contextmanager
def _reaching(name: str) -> Iterator[None]:
    """Turn the service's words into ours. A service that refuses our keys is as good as lost, but the log says why."""
    try:
        yield
    except ClientError as error:
        told = error.response
        if told.get("ResponseMetadata", {}).get("HTTPStatusCode") in {404, 412}:
            raise FileNotFoundError(name) from error
        log.error("object store refused: %s", told.get("Error", {}).get("Code"))
        raise Unavailable from error
    except BotoCoreError as error:
        log.error("object store lost: %s", type(error).__name__)
        raise Unavailable from error


@deconstructible(path="tenants.objects.s3.PlacedS3")
class PlacedS3(S3Storage):  # type: ignore[misc]
    """S3 in which each place reaches its own files only. See `shapes.ObjectStore`."""

    _object_lock: bool | None = None

    def get_default_settings(self) -> dict[str, Any]:
        """Add our own settings to those of the library."""
        return {**super().get_default_settings(), "direct_origin": "", "upload_origin": ""}

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        (require_readable if mode == "rb" else require_writable)(name)
        with _reaching(name):
            return super()._open(name, mode)  # type: ignore[no-any-return]

    def _save(self, name: str, content: Any) -> str:
        require_writable(name)
        with _reaching(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """Delete a file; one that is gone is no error."""
        require_writable(name)
        with _reaching(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        require_readable(name)
        with _reaching(name):
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Return folders and files right under ``name``."""
        require_readable(f"{name.rstrip('/')}/")
        with _reaching(name):
            return super().listdir(name)  # type: ignore[no-any-return]

    def size(self, name: str) -> int:
        """Return the size in bytes; raises FileNotFoundError."""
        return self.stat(name).size

    def url(self, name: str, *args: Any, **options: Any) -> str:
        """Return a signed address of a file that the current place may read."""
        require_readable(name)
        return str(super().url(name, *args, **options))

    def stat(self, name: str) -> Stored:
        """Return what is known of a file; raises FileNotFoundError."""
        require_readable(name)
        with _reaching(name):
            found = self._client().head_object(Bucket=self.bucket_name, Key=name)
        return Stored(name, int(found["ContentLength"]), str(found["ETag"]), _whole_seconds(found["LastModified"]))

    def stream(self, file: Stored, start: int, length: int) -> Iterable[bytes]:
        """Return a piece of the file; only these bytes are fetched, and only if the file is still the same."""
        require_readable(file.name)
        wanted = {"Range": f"bytes={start}-{start + length - 1}"} if length else {}
        with _reaching(file.name):
            reply = self._client().get_object(Bucket=self.bucket_name, Key=file.name, IfMatch=file.etag, **wanted)
        return Chunks(reply["Body"], length)

    def address(self, name: str, *, seconds: int) -> str:
        """Sign a GET."""
        return self.url(name, expire=seconds)

    def replace(self, name: str, content: bytes) -> None:
        """Put the object again, as what it was; the service hands out the old one or the new one, never half."""
        require_writable(name)
        with _reaching(name):
            known = self._client().head_object(Bucket=self.bucket_name, Key=name)
            self._client().put_object(Bucket=self.bucket_name, Key=name, Body=content, ContentType=known["ContentType"])

    def put_once(self, name: str, content: bytes, *, until: datetime) -> bool:
        """Write a file nobody may write again, locked in COMPLIANCE mode where the bucket has object lock."""
        require_writable(name)
        try:
            with _reaching(name):
                lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until} if self._locks() else {}
                self._client().put_object(
                    Bucket=self.bucket_name, Key=name, Body=content, IfNoneMatch="*", ChecksumAlgorithm="SHA256", **lock
                )
        except FileNotFoundError as error:  # 412: the condition did not hold
            raise FileExistsError(name) from error
        return bool(lock)

    def _locks(self) -> bool:
        if self._object_lock is None:
            try:
                found = self._client().get_object_lock_configuration(Bucket=self.bucket_name)
                self._object_lock = found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled"
            except ClientError as error:  # a bucket without, or a service that does not know the word; never one that is busy
                status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
                if status in {408, 429} or (status >= 500 and status != 501):
                    raise
                self._object_lock = False
        return self._object_lock

    def _client(self) -> Any:
        return self.connection.meta.client


def _whole_seconds(at: datetime) -> datetime:
    return at.replace(microsecond=0)
