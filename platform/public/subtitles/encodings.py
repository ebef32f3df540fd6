"""Which encoding a subtitle file is in: marks first, then UTF-8, then the two Chinese ones by how much sense they make."""

import codecs

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.subtitles.chinese import simplified

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CHINESE = (("gb18030", "GBK/GB18030"), ("big5hkscs", "Big5"))
_SENSE = 0.9
"""Share of common characters below which a text is taken for misread bytes; real text lies above 0.97."""


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    :raises DomainError: ``unknown_encoding``
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec), name
    if b"\0" in data[:400]:
        codec = "utf-16-le" if data[1:400:2].count(0) >= data[0:400:2].count(0) else "utf-16-be"
        return _strictly(data, codec), "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _chinese(data)


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise _unknown() from error


def _chinese(data: bytes) -> tuple[str, str]:
    found: list[tuple[float, str, str]] = []
    for codec, name in _CHINESE:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        found.append((_sense(text), text, name))
    sense, text, name = max(found, key=lambda one: one[0], default=(0.0, "", ""))
    if sense < _SENSE:
        raise _unknown()
    return text, name


def _sense(text: str) -> float:
    """Return the share of Chinese signs that belong to GB 2312's first level or punctuation once simplified."""
    signs = [sign for sign in simplified(text) if ord(sign) > 0x7F]
    return sum(_is_common(sign) for sign in signs) / len(signs) if signs else 1.0


def _is_common(sign: str) -> bool:
    try:
        row = sign.encode("gb2312")[0]
    except UnicodeEncodeError:
        return sign in "·—…“”‘’"
    return row <= 0xD7  # GB 2312: rows 1-9 signs, 16-55 the 3,755 most used characters


def _unknown() -> DomainError:
    message = _("认不出这个文件的文字编码。请用记事本打开它，另存为 UTF-8 编码后再导入。")
    return DomainError("unknown_encoding", message, status=422)
