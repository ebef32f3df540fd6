"""What uploads need from above: somebody who tells what a file really is, and somebody who looks for viruses."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Found:
    """What a file really is: ``kind`` is video, audio, document, image or subtitles; ``content_type`` a MIME type."""

    kind: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says. ``virus`` is the name of what it found, empty when clean; ``scanned`` is False if nobody looked."""

    scanned: bool
    virus: str = ""


class Inspector(Protocol):
    """Opens a file with the real readers of its formats."""

    def inspect(self, path: Path, *, kinds: Collection[str], file_name: str) -> Found:
        """Return what the file is, judged by content alone.

        :param kinds: what would be accepted
        :raises DomainError: it is none of these, or broken; the message says what it is and what to do
        """


class Scanner(Protocol):
    """Looks for viruses."""

    @property
    def is_real(self) -> bool:
        """Whether anything is really scanned."""

    def scan(self, stream: IO[bytes]) -> Verdict:
        """Read ``stream`` to its end in bounded memory and say what was found.

        :raises OSError: the scanner does not answer; the upload is checked again later
        """


INSPECTOR: Socket[Inspector] = Socket("uploads.inspector")
SCANNER: Socket[Scanner] = Socket("uploads.scanner")
