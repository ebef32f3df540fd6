"""Pictures and films of stems: copied out of uploads into files that nobody changes, so that old papers still show them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.questions.content import MEDIA
from public.uploads import api as uploads
from tenants import storage
from tenants.scope import require
from tenants.storage import PLATFORM_FILES

MOST_FILM_BYTES = 50 * 1024 * 1024
_SIDE, _QUALITY, _CHUNK = 1600, 82, 64 * 1024
_KEY = re.compile(r"([ps])-[0-9a-f]{32}\.(webp|mp4)")
_TYPES = {"webp": "image/webp", "mp4": "video/mp4"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
PICTURE, VIDEO = MEDIA


def keep(*, upload: UUID, alt: str, owner_id: int, provider_schema: str = "") -> dict[str, Any]:
    """Copy somebody's own checked upload and return it as an entry of ``media``: pictures within 1,600 px, films as they are.

    :raises DomainError: ``not_found``, ``not_ready``, ``wrong_kind`` from uploads; ``film_kind``, ``film_large``; ``alt_missing``
    """
    words = alt.strip()
    if not words:
        message = _("请为图片或视频写一句文字说明，看不到画面的学员靠它答题。")
        raise DomainError("alt_missing", message, status=422, field="alt")
    uploads.own_upload(upload, owner_id=owner_id, provider_schema=provider_schema)
    found = uploads.require_ready(upload, kinds=("image", "video"))
    with uploads.local_upload(upload) as path:
        if found.kind == "image":
            kind, ending, body = PICTURE, "webp", _picture(path)
        else:
            kind, ending, body = VIDEO, "mp4", _film(path, found)
        key = f"{'p' if require().is_platform else 's'}-{uuid4().hex}.{ending}"
        default_storage.save(_name(key), body)
    return {"kind": kind, "key": key, "alt": words[:200]}


def _picture(path: Any) -> ContentFile[bytes]:
    from PIL import Image, ImageOps  # slow to import, and few processes touch pictures

    with Image.open(path) as read:
        image = ImageOps.exif_transpose(read).convert("RGB")
    image.thumbnail((_SIDE, _SIDE))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY)
    return ContentFile(out.getvalue())


def _film(path: Any, found: uploads.UploadView) -> ContentFile[bytes]:
    if found.content_type != "video/mp4":
        raise DomainError("film_kind", _("题干视频请用 MP4（H.264）格式，转换后再上传。"), status=422, field="upload")
    if found.size > MOST_FILM_BYTES:
        raise DomainError("film_large", _("题干视频最大 50 MB，请剪短或压缩后再上传。"), status=422, field="upload")
    return ContentFile(path.read_bytes())


def _name(key: str) -> str:
    """Return the file's name in the object store; those of an enterprise's own questions lie with its other files."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise _missing()
    return f"{PLATFORM_FILES}questions/{key}" if found[1] == "p" else storage.key(f"questions/{key}")


def _missing() -> DomainError:
    return DomainError("not_found", _("没有找到这个图片或视频，请刷新页面。"), status=404)


def serve(request: HttpRequest, key: str) -> HttpResponse | StreamingHttpResponse:
    """Answer with a file, or the part of it that a player asks for. Whether this person may see it is the caller's to say.

    :raises DomainError: ``not_found`` (404)
    """
    try:
        file: IO[bytes] = default_storage.open(_name(key))
    except FileNotFoundError as error:
        raise _missing() from error
    size = default_storage.size(_name(key))
    first, last = _asked(request.headers.get("Range", ""), size)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(last - first + 1), "X-Content-Type-Options": "nosniff",
               "Cache-Control": "private, max-age=86400, immutable"}  # fmt: skip
    if (first, last) != (0, size - 1):
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if "Content-Range" in headers else 200
    return StreamingHttpResponse(
        _pieces(file, first, last), content_type=_TYPES[key.rsplit(".", 1)[1]], headers=headers, status=status
    )


def _asked(header: str, size: int) -> tuple[int, int]:
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return 0, size - 1
    if not found[1]:
        return max(0, size - int(found[2])), size - 1
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last else (0, size - 1)


def _pieces(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(_CHUNK, left))):
            left -= len(piece)
            yield piece
