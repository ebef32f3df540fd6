"""What the catalogue needs from above: somebody who makes films."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Film:
    """A finished lesson in a folder: encrypted segments, subtitles, poster.

    ``package`` is ``{"init": file, "segments": [{"file", "duration_ms", "key_no", "iv"}]}``; ``duration_ms`` is measured.
    """

    duration_ms: int
    package: dict[str, Any]
    keys: tuple[bytes, ...] = field(repr=False)
    files: tuple[Path, ...]


class Studio(Protocol):
    """Makes a narrated slide lesson from a course's words and its questions."""

    def make(
        self,
        *,
        course: dict[str, Any],
        lesson_no: int,
        questions: Sequence[dict[str, Any]],
        full_hour: bool,
        folder: Path,
        progress: Callable[[int], None],
    ) -> Film:
        """Render, subtitle, cut and encrypt into ``folder``; ``progress`` gets 0..100.

        :raises DomainError: the material cannot be made into a film; the message says why
        """


STUDIO: Socket[Studio] = Socket("catalogue.studio")
