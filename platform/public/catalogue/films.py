"""Which lessons show which film or sound, and its captions file: for the rooms that work on what is said in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from public.catalogue.media import storage_name
from public.catalogue.models import Courseware, MediaAsset
from public.catalogue.queries import not_found

CAPTIONS = "subtitles.vtt"
_SPOKEN = (MediaAsset.Kind.VIDEO, MediaAsset.Kind.AUDIO)


@dataclass(frozen=True, slots=True)
class Footage:
    """One media asset. ``duration_ms`` is 0 until it was measured; ``owner_id`` is the credential that uploaded it.

    ``silences`` are the stretches [start, end) in ms in which nothing is heard for long.
    """

    id: int
    uuid: UUID
    kind: str
    is_ready: bool
    duration_ms: int
    owner_id: int | None
    silences: tuple[tuple[int, int], ...] = ()

    @property
    def is_spoken(self) -> bool:
        """Whether somebody may speak in it, so that it needs subtitles (clause 三.4)."""
        return self.kind in _SPOKEN


@dataclass(frozen=True, slots=True)
class Showing:
    """One lesson that shows an asset, and the version that the lesson belongs to."""

    lesson_id: int
    no: int
    title: str
    version_id: int
    version_no: int
    version_title: str
    version_state: str
    author_id: int
    footage: Footage


def _footage(row: MediaAsset) -> Footage:
    is_ready = row.state == MediaAsset.State.READY
    warnings = (row.package or {}).get("warnings", ())
    silences = tuple((one["from_ms"], one["to_ms"]) for one in warnings if one["code"] == "silence")
    return Footage(row.pk, row.uuid, row.kind, is_ready, row.duration_ms or 0, row.owner_id, silences)


def footage(media_id: int) -> Footage:
    """Return one media asset in whatever state.

    :raises DomainError: ``not_found``
    """
    row = MediaAsset.objects.filter(pk=media_id).first()
    if row is None:
        raise not_found(_("媒体"))
    return _footage(row)


def showings(*, version_ids: Iterable[int] | None = None, media_id: int | None = None) -> list[Showing]:
    """Return the lessons of some versions, or all lessons that show one asset, in playing order."""
    rows = Courseware.objects.filter(media__isnull=False).select_related("version", "media").order_by("version_id", "no")
    if version_ids is not None:
        rows = rows.filter(version_id__in=list(version_ids))
    if media_id is not None:
        rows = rows.filter(media_id=media_id)
    return [
        Showing(
            lesson_id=row.pk,
            no=row.no,
            title=row.title,
            version_id=row.version_id,
            version_no=row.version.number,
            version_title=row.version.title,
            version_state=row.version.state,
            author_id=row.version.author_id,
            footage=_footage(row.media),
        )
        for row in rows
        if row.media is not None
    ]


def read_captions(media: UUID) -> bytes | None:
    """Return the captions file of an asset, or None where it has none."""
    try:
        with default_storage.open(storage_name(media, CAPTIONS)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def write_captions(media: UUID, text: str) -> None:
    """Put the captions file in place of the former one in a single step: players see the old or the new, never half."""
    name, content = storage_name(media, CAPTIONS), ContentFile(text.encode())
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:
        # An object store replaces an object whole; `save` would choose another name beside it.
        default_storage._save(name, content)  # type: ignore[attr-defined] # the stubs leave it out
        return
    draft = default_storage.save(storage_name(media, "draft.vtt"), content)
    Path(default_storage.path(draft)).replace(target)
