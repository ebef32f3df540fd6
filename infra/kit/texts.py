"""What the database can keep of what people send, and files of text in whichever encoding they come."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError

DEEPEST = 20
"""Levels of a JSON value; deeper ones only tire whoever walks through them."""


def is_storable(value: Any, *, levels: int = DEEPEST) -> bool:
    """Say whether every text in a JSON value can be kept: PostgreSQL takes neither NUL nor half a surrogate pair."""
    # Plain loops: every beat comes through here.
    if isinstance(value, str):
        return _is_text(value)
    if not isinstance(value, dict | list):
        return True
    if levels <= 0:
        return False
    for part in (*value, *value.values()) if isinstance(value, dict) else value:
        kind = type(part)
        if kind is str:
            if not _is_text(part):
                return False
        elif kind is not bool and kind is not int and not is_storable(part, levels=levels - 1):
            return False
    return True


def _is_text(value: str) -> bool:
    if value.isascii():
        return "\0" not in value
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def worded(text: str, code: str, message: Any, *, field: str, least: int = 4, most: int = 0) -> str:
    """Return what somebody wrote, such as a reason, without blanks around it. Words are never cut: what was left out could be what mattered.

    :param code: of the refusal, with ``message`` for ``field``
    :param least: signs that it needs
    :param most: signs that it may have; 0: any number
    :raises DomainError: 422 ``code``; 422 ``words_too_long``
    """
    found = text.strip()
    if len(found) < least:
        raise DomainError(code, message, status=422, field=field)
    if most and len(found) > most:
        words = _("最多 %(most)d 个字，现在有 %(n)d 个，请删短后再提交。") % {"most": most, "n": len(found)}
        raise DomainError("words_too_long", words, status=422, field=field)
    return found


_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_KINDS = (b"%PDF", b"{\\rtf", b"<", b"\x89PNG", b"\xff\xd8\xff")


class NotText(ValueError):
    """The bytes are no text in an encoding used here."""


def decode(data: bytes) -> str:
    """Return the text: by its mark, else UTF-8 when it is that, else GB 18030 (which holds GBK and GB 2312).

    :raises NotText: neither fits, or the file is of another kind
    """
    if data.lstrip().startswith(_KINDS):
        raise NotText
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text, 0, 8192):
            return text
    raise NotText
