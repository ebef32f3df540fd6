"""Pictures and films of stems: copied out of uploads into files that nobody changes, so that old papers still show them."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from infra.kit import pictures
from infra.kit.errors import DomainError
from public.questions.content import MEDIA
from public.uploads import api as uploads
from tenants import objects, storage
from tenants.scope import require
from tenants.storage import PLATFORM_FILES

MOST_FILM_BYTES = 50 * 1024 * 1024
_SIDE = 1600
_KEY = re.compile(r"([ps])-[0-9a-f]{32}\.(webp|mp4)")
_TYPES = {"webp": "image/webp", "mp4": "video/mp4"}
_CACHE = "private, max-age=86400, immutable"
PICTURE, VIDEO = MEDIA


def keep(*, upload: UUID, alt: str, owner_id: int, provider_schema: str = "") -> dict[str, Any]:
    """Copy somebody's own checked upload and return it as an entry of ``media``: pictures within 1,600 px, films as they are.

    :raises DomainError: ``not_found``, ``not_ready``, ``wrong_kind`` from uploads; ``film_kind``, ``film_large``, ``picture_unfit``; ``alt_missing``
    """
    words = alt.strip()
    if not words:
        message = _("请为图片或视频写一句文字说明，看不到画面的学员靠它答题。")
        raise DomainError("alt_missing", message, status=422, field="alt")
    uploads.own_upload(upload, owner_id=owner_id, provider_schema=provider_schema)
    found = uploads.require_ready(upload, kinds=("image", "video"))
    with uploads.local_upload(upload) as path:
        if found.kind == "image":
            kind, ending, body = PICTURE, "webp", ContentFile(pictures.redrawn(path, side=_SIDE, form="WEBP", field="upload"))
        else:
            kind, ending, body = VIDEO, "mp4", _film(path, found)
        key = f"{'p' if require().is_platform else 's'}-{uuid4().hex}.{ending}"
        default_storage.save(_name(key), body)
    return {"kind": kind, "key": key, "alt": words[:200]}


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


def serve(request: HttpRequest, key: str) -> HttpResponseBase:
    """Answer with a file, or the part of it that a player asks for. Whether this person may see it is the caller's to say.

    :raises DomainError: ``not_found`` (404)
    """
    try:
        return objects.serve(request, _name(key), content_type=_TYPES[key.rsplit(".", 1)[1]], cache=_CACHE)
    except FileNotFoundError as error:
        raise _missing() from error
