"""One picture beside a question or an answer: judged by its content, drawn anew, sealed under the enterprise's own prefix."""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from infra.kit import pictures
from infra.kit.errors import DomainError
from tenants import keys, storage

MOST_BYTES = 8_000_000
"""Below the 10 MB that one request may bring."""
LONGEST_SIDE = 1600
ACCEPT = "image/jpeg,image/png,image/webp"
CONTENT_TYPE = "image/jpeg"
_PURPOSE = "talk-picture"


def keep(data: bytes) -> str:
    """Keep a picture and return its name in the store; what was in the file besides the picture (place, device) is gone.

    :raises DomainError: 422 ``picture_too_large``, ``picture_unfit``
    """
    name = storage.key(f"talk/{uuid4()}")
    return default_storage.save(name, ContentFile(_seal(drawn_anew(data))))


def drawn_anew(data: bytes) -> bytes:
    """Return a JPEG of at most 1,600 px a side, without anything else that the file held.

    :raises DomainError: 422 ``picture_too_large``, ``picture_unfit``
    """
    if len(data) > MOST_BYTES:
        raise DomainError("picture_too_large", _("图片不能超过 8 MB，请压缩后再选。"), status=422, field="picture")
    return pictures.redrawn(data, side=LONGEST_SIDE, form="JPEG", field="picture")


def content(name: str) -> bytes:
    """Return a kept picture.

    :raises DomainError: 404 ``not_found`` where there is none or the store has lost it
    """
    if not name or not default_storage.exists(name):
        raise DomainError("not_found", _("没有找到这张图片。"), status=404)
    return opened(name)


def opened(name: str) -> bytes:
    """Return the picture of that storage name.

    :raises FileNotFoundError: the store has lost it
    :raises SealBroken: it was altered
    """
    with default_storage.open(name) as file:
        return keys.unseal(file.read(), purpose=_PURPOSE)


def _seal(data: bytes) -> bytes:
    return keys.seal(data, purpose=_PURPOSE)
