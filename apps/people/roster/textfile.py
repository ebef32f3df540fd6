"""Reads a list saved as CSV, by Excel, WPS or a payroll program: whichever encoding and separator it was given."""

import csv
import io
import re
from collections.abc import Iterator

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ",\t;，|"
_LOOK_AT = 20
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_AS_TEXT = re.compile(r'=\s*"(.*)"', re.DOTALL)
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


def records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give (number of the record as Excel shows it, its cells); ``="…"`` is read as the text it shows.

    :raises NotText: see :func:`decode`
    :raises csv.Error: quotes that do not pair: part of the list would vanish in one cell
    """
    text = decode(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    for number, cells in enumerate(reader, 1):
        yield number, [_AS_TEXT.sub(r"\1", cell) if cell.startswith("=") else cell for cell in cells]


def _separator(text: str) -> str:
    lines = text.splitlines()[:_LOOK_AT]
    return max(_SEPARATORS, key=lambda mark: (sum(line.count(mark) for line in lines), -_SEPARATORS.index(mark)))
