"""Where parts lie until the file is whole: the object store's own multipart upload, or a folder of the file storage."""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.uploads import rules
from public.uploads.models import Upload
from tenants.errors import Unavailable

log = logging.getLogger(__name__)
CHUNK = 1 << 20
_SPARE = 2 * rules.GB
_SOURCE, _SEALED = "source", "sealed"


@dataclass(frozen=True, slots=True)
class Part:
    """One part that arrived: number from 1, bytes, and the mark of its content."""

    number: int
    size: int
    etag: str


class Store(Protocol):
    """One way to keep parts. Every operation may be repeated."""

    def begin(self, upload: Upload) -> str:
        """Prepare for parts and return the store's own id of the upload, empty if it has none."""

    def link(self, upload: Upload, number: int) -> str:
        """Return the address that takes part ``number``, or an empty string if our own address does."""

    def parts(self, upload: Upload) -> list[Part]:
        """Return what arrived, by number."""

    def join(self, upload: Upload) -> None:
        """Make one file of all parts."""

    def drop(self, upload: Upload) -> None:
        """Remove the file and all parts."""

    @contextmanager
    def local(self, upload: Upload) -> Iterator[Path]:
        """Give the whole file a path on this machine for the block."""
        yield Path()


def name_of(upload: Upload) -> str:
    """Return the storage name of the whole file."""
    return f"platform/uploads/{upload.uuid}/{_SOURCE}"


def sealed_name(upload: Upload) -> str:
    """Return the storage name of the whole file once it is encrypted."""
    return f"platform/uploads/{upload.uuid}/{_SEALED}"


def store() -> Store:
    """Return the store that fits the project's file storage."""
    return ObjectStore() if hasattr(default_storage, "bucket_name") else FolderStore()


def no_space() -> DomainError:
    """Return the refusal for a full disk."""
    return DomainError("no_space", _("服务器存储空间不足，暂时不能上传。请联系平台管理员，稍后再试。"), status=507)


class FolderStore:
    """Parts as files beside each other; joined one by one, so that only a single part ever needs its space twice."""

    def begin(self, upload: Upload) -> str:
        """Make the folder.

        :raises DomainError: ``no_space``
        """
        folder = _folder(upload)
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < upload.size + _SPARE:
            shutil.rmtree(folder, ignore_errors=True)
            raise no_space()
        return ""

    def link(self, upload: Upload, number: int) -> str:
        """Return nothing: our own address takes the part."""
        return ""

    def parts(self, upload: Upload) -> list[Part]:
        """Return the rows written when parts arrived."""
        return [Part(*row) for row in upload.parts.order_by("number").values_list("number", "size", "etag")]

    def receive(self, upload: Upload, number: int, body: IO[bytes], length: int) -> tuple[Path, str]:
        """Write one part beside its place and return where it lies and the MD5 of its bytes (S3's mark of a part).

        Reads a megabyte at a time and never past ``length`` plus one byte, however long the sender goes on.

        :raises DomainError: ``wrong_part_size``; nothing is left behind then
        """
        folder = _folder(upload)
        handle, name = tempfile.mkstemp(prefix=f".{number}-", dir=folder)
        mark, received = hashlib.md5(usedforsecurity=False), 0
        try:
            with os.fdopen(handle, "wb") as file:
                while received <= length and (chunk := body.read(min(CHUNK, length + 1 - received))):
                    received += len(chunk)
                    mark.update(chunk)
                    file.write(chunk)
            if received != length:
                raise wrong_part_size(length)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name), mark.hexdigest()

    def keep(self, upload: Upload, number: int, received: Path) -> None:
        """Put a received part in its place, over a former try."""
        received.replace(_part(upload, number))

    def join(self, upload: Upload) -> None:
        """Append the parts in order, each removed once it is in; a broken run goes on where it stopped."""
        target = default_storage.path(name_of(upload))
        Path(target).touch()
        with Path(target).open("r+b") as whole:
            for number in range(1, rules.part_count(upload.size, upload.part_size) + 1):
                self._append(whole, _part(upload, number), (number - 1) * upload.part_size)
        if Path(target).stat().st_size != upload.size:
            raise DomainError("incomplete", _("文件没有完整收到，请重新上传。"), status=409)

    def _append(self, whole: IO[bytes], part: Path, offset: int) -> None:
        if not part.exists():
            return
        whole.truncate(offset)
        whole.seek(offset)
        with part.open("rb") as source:
            shutil.copyfileobj(source, whole, CHUNK)
        whole.flush()
        os.fsync(whole.fileno())
        part.unlink()

    def drop(self, upload: Upload) -> None:
        """Remove the folder."""
        shutil.rmtree(_folder(upload), ignore_errors=True)

    @contextmanager
    def local(self, upload: Upload) -> Iterator[Path]:
        """Give the file itself."""
        yield Path(default_storage.path(name_of(upload)))


def _folder(upload: Upload) -> Path:
    return Path(default_storage.path(name_of(upload))).parent


def _part(upload: Upload, number: int) -> Path:
    return _folder(upload) / f"part_{number:05d}"


def wrong_part_size(length: int) -> DomainError:
    """Return the refusal for a part that is longer or shorter than agreed."""
    message = _("这一段的大小与约定不符（应为 %(size)s），已拒收。请重新选择文件后续传。")
    return DomainError("wrong_part_size", message % {"size": rules.size_text(length)}, status=413, expected_bytes=length)


@contextmanager
def _reaching() -> Iterator[None]:
    """Turn the service's words into ours; the log says what it was."""
    from botocore.exceptions import BotoCoreError, ClientError  # a slow import that folders do not need

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        log.error("object store: %s", error)
        raise Unavailable from error


class ObjectStore:
    """S3's multipart upload: parts go straight from the browser to the store, each by an address signed for its exact length."""

    def __init__(self) -> None:
        storage: Any = default_storage
        self._bucket: str = storage.bucket_name
        self._client: Any = storage.connection.meta.client

    def _at(self, upload: Upload) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": name_of(upload)}

    def begin(self, upload: Upload) -> str:
        """Open the multipart upload and return its id."""
        with _reaching():
            return str(self._client.create_multipart_upload(**self._at(upload))["UploadId"])

    def link(self, upload: Upload, number: int) -> str:
        """Return a presigned UploadPart address."""
        length = rules.part_length(number, upload.size, upload.part_size)
        wanted = {**self._at(upload), "UploadId": upload.remote, "PartNumber": number, "ContentLength": length}
        return str(self._client.generate_presigned_url("upload_part", Params=wanted, ExpiresIn=rules.LINK_S))

    def parts(self, upload: Upload) -> list[Part]:
        """Return the store's own list."""
        with _reaching():
            pages = self._client.get_paginator("list_parts").paginate(**self._at(upload), UploadId=upload.remote)
            found = [part for page in pages for part in page.get("Parts", ())]
        return [Part(part["PartNumber"], part["Size"], part["ETag"].strip('"')) for part in found]

    def join(self, upload: Upload) -> None:
        """Complete the multipart upload; a second try finds the object already there."""
        if self._is_whole(upload):
            return
        parts = [{"PartNumber": part.number, "ETag": part.etag} for part in self.parts(upload)]
        with _reaching():
            self._client.complete_multipart_upload(**self._at(upload), UploadId=upload.remote, MultipartUpload={"Parts": parts})

    def _is_whole(self, upload: Upload) -> bool:
        return bool(default_storage.exists(name_of(upload)) and default_storage.size(name_of(upload)) == upload.size)

    def drop(self, upload: Upload) -> None:
        """Abort what is open and delete what is whole."""
        with _reaching():
            with suppress(self._client.exceptions.NoSuchUpload):
                self._client.abort_multipart_upload(**self._at(upload), UploadId=upload.remote)
            for name in (name_of(upload), sealed_name(upload)):
                self._client.delete_object(Bucket=self._bucket, Key=name)

    @contextmanager
    def local(self, upload: Upload) -> Iterator[Path]:
        """Fetch the object into a temporary file.

        :raises DomainError: ``no_space``
        """
        if shutil.disk_usage(tempfile.gettempdir()).free < upload.size + _SPARE:
            raise no_space()
        with tempfile.NamedTemporaryFile(prefix="anxue-upload-") as file:
            with _reaching():
                self._client.download_fileobj(Fileobj=file, **self._at(upload))
            file.flush()
            yield Path(file.name)
