"""Pictures that strangers hand in: judged by their content, drawn anew, so that nothing but the picture stays (no place, no device).

A few kilobytes may claim to be gigabytes: what would unpack to more than :data:`MOST_DRAWN` pixels is refused before it is.
"""

import io
import struct
import warnings
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from infra.kit.errors import DomainError

MOST_PIXELS = 50_000_000
MOST_DRAWN = 20_000_000
"""Pixels that are unpacked at once, some 20 bytes each: a JPEG comes out smaller by itself, others whole."""
FORMATS = ("JPEG", "PNG", "WEBP")
_UNREADABLE = (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError, struct.error)
"""What the library raises for broken files: ``struct.error`` for EXIF that ends in the middle."""
_QUALITY = 82


def redrawn(source: bytes | Path, *, side: int, form: str, field: str) -> bytes:
    """Return a picture upright, on white, at most ``side`` px wide and high.

    :param form: ``JPEG`` or ``WEBP``
    :param field: of the form that the refusal belongs to
    :raises DomainError: 422 ``picture_unfit``
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS) as image:
                flat = _flat(image, side)
    except _UNREADABLE as error:
        raise _unfit(field) from error
    if flat is None:
        raise _unfit(field)
    flat.thumbnail((side, side))
    out = io.BytesIO()
    flat.save(out, form, quality=_QUALITY, **({"optimize": True} if form == "JPEG" else {}))
    return out.getvalue()


def _flat(image: Image.Image, side: int) -> Image.Image | None:
    """Return the picture upright on white, None where it is too large to unpack."""
    if image.width * image.height > MOST_PIXELS:
        return None
    image.draft("RGB", (side, side))
    if image.width * image.height > MOST_DRAWN:
        return None
    upright = ImageOps.exif_transpose(image)
    flat = Image.new("RGB", upright.size, "white")
    shown = upright.convert("RGBA")
    flat.paste(shown, mask=shown.getchannel("A"))
    return flat


def _unfit(field: str) -> DomainError:
    words = _("这个文件不是能打开的照片。请选择 JPG、PNG 或 WebP 图片，或重新拍一张。")
    return DomainError("picture_unfit", words, status=422, field=field)
