"""What the catalogue needs from above: somebody who makes films, from words or from what people uploaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Film:
    """A finished lesson in a folder: encrypted segments, subtitles, poster; or pages.

    ``package`` as `media.Playback` has it; ``duration_ms`` is measured, for a document the sum of the least reading times.
    """

    duration_ms: int
    package: dict[str, Any]
    keys: tuple[bytes, ...] = field(repr=False)
    files: tuple[Path, ...]


Told = Callable[[str, int], None]
"""Gets the stage (`MediaAsset.Stage`) and the percentage, 0 to 100, of the whole job."""


class Pipeline(Protocol):
    """Makes an uploaded file ready to be shown."""

    def prepare(self, *, kind: str, content_type: str, source: Path, folder: Path, told: Told) -> Film:
        """Turn ``source`` into what learners see, in ``folder``: a ladder of encrypted segments, or pages.

        :param kind: VIDEO, AUDIO or DOCUMENT
        :param content_type: what the upload was found to be
        :raises DomainError: the file cannot be used; the message says why and what to do
        """


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
PIPELINE: Socket[Pipeline] = Socket("catalogue.pipeline")
