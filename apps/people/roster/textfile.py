"""Reads a list saved as CSV, by Excel, WPS or a payroll program: whichever encoding and separator it was given."""

import csv
import io
import re
from collections.abc import Iterator

from infra.kit.texts import decode

_SEPARATORS = ",\t;，|"
_LOOK_AT = 20
_AS_TEXT = re.compile(r'=\s*"(.*)"', re.DOTALL)


def records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give (number of the record as Excel shows it, its cells); ``="…"`` is read as the text it shows.

    :raises NotText: see :func:`infra.kit.texts.decode`
    :raises csv.Error: quotes that do not pair: part of the list would vanish in one cell
    """
    text = decode(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    for number, cells in enumerate(reader, 1):
        yield number, [_AS_TEXT.sub(r"\1", cell) if cell.startswith("=") else cell for cell in cells]


def _separator(text: str) -> str:
    lines = text.splitlines()[:_LOOK_AT]
    return max(_SEPARATORS, key=lambda mark: (sum(line.count(mark) for line in lines), -_SEPARATORS.index(mark)))
