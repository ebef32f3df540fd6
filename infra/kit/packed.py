"""Opens a zip of XML (.xlsx, .docx) that a stranger sent, without trusting it.

Its own sizes may lie, a DTD may unfold without end, and one cell at XFD1048576 makes a reader reserve gigabytes. So every part is
unpacked here within a limit and looked at while it is; a reader only gets the bytes that were measured.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from xml.parsers import expat

MAX_PLAIN_BYTES = 64 * 1024 * 1024
MAX_PARTS = 1_000
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""How a file begins that Office wrote before 2007, or behind a password."""
ZIP = b"PK"
_CONTENT_TYPES = "[Content_Types].xml"


class Unusable(ValueError):
    """The file cannot be used. ``code``: ``other_kind``, ``broken``, ``bomb``, ``too_many_rows`` or ``too_wide``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def measured(data: bytes, *, main: str, most_rows: int, most_columns: int) -> dict[str, bytes]:
    """Return the XML parts of a file by name; pictures, macros and whatever else lies in it are left out.

    :param main: the part that says what the file is, e.g. ``word/document.xml``
    :param most_rows: rows of a worksheet that may be filled; ``most_columns`` columns
    :raises Unusable: it is another kind of file, broken, or larger than anybody's work
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_parts(archive, main, most_rows, most_columns))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, LookupError, expat.ExpatError) as error:
        raise Unusable("broken") from error


def stored(parts: dict[str, bytes]) -> io.BytesIO:
    """Return the parts as an uncompressed zip, for a reader that wants a file."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for name, plain in parts.items():
            target.writestr(name, plain)
    copy.seek(0)
    return copy


def _parts(archive: zipfile.ZipFile, main: str, most_rows: int, most_columns: int) -> Iterator[tuple[str, bytes]]:
    parts = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
    names = {info.filename for info in parts}
    if _CONTENT_TYPES not in names or main not in names:
        raise Unusable("other_kind")
    if len(parts) > MAX_PARTS or len(names) != len(parts):
        raise Unusable("broken")
    if sum(info.file_size for info in parts) > MAX_PLAIN_BYTES:
        raise Unusable("bomb")
    left = MAX_PLAIN_BYTES
    for info in parts:
        plain = _part(archive, info, left, _Gauge(most_rows, most_columns))
        left -= len(plain)
        yield info.filename, plain


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, gauge: "_Gauge") -> bytes:
    plain = bytearray()
    with archive.open(info) as stream:
        while chunk := stream.read(256 * 1024):
            plain += chunk
            if len(plain) > most:
                raise Unusable("bomb")
            gauge.feed(chunk)
    return bytes(plain)


class _Gauge:
    """Follows a part as it is read; refuses any DTD, and a worksheet whose filled cells lie too far out."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self.most_rows, self.most_columns = most_rows, most_columns
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.watching = True
        self.row = self.column = 0

    def feed(self, chunk: bytes) -> None:
        """Read on, as long as it matters."""
        if self.watching:
            self.parser.Parse(chunk, False)

    def _doctype(self, *_parts: object) -> None:
        raise Unusable("broken")

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        self.watching = name.rpartition(":")[2] == "worksheet"
        self.parser.StartElementHandler = self._element if self.watching else None

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name if ":" not in name else name.rpartition(":")[2]
        if kind == "c":
            if place := attributes.get("r"):
                letters = place.rstrip("0123456789")
                self.column = _column(letters)
                self.row = int(place[len(letters) :] or self.row)
            else:
                self.column += 1
        elif kind == "row":
            self.row, self.column = int(attributes.get("r") or self.row + 1), 0
        elif kind in {"v", "is"}:
            self._filled()

    def _filled(self) -> None:
        if self.row > self.most_rows:
            raise Unusable("too_many_rows")
        if self.column > self.most_columns:
            raise Unusable("too_wide")


@lru_cache(maxsize=1000)
def _column(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter.upper()) - 64
    return number
