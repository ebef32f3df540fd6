"""Films, sounds and documents: where their files are, who gets a key. How one is made: `media_making`."""

from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from public.catalogue.lifecycle import NOT_SHOWN, recalled
from public.catalogue.models import Courseware, MediaAsset
from public.catalogue.queries import not_found
from tenants import keys
from tenants.scope import require

KEY_BYTES = 16
"""Length of one AES key."""
media_ready = Signal()
"""Sent after commit when an asset became playable. Arguments: ``media_id`` and ``version_ids`` (list, of the lessons that show
it). Receivers may run twice."""


@dataclass(frozen=True, slots=True)
class Playback:
    """What a player needs. ``package`` of a film or sound is ``{"init", "segments": [{"file", "duration_ms", "key_no", "iv"}]}``
    and, where it was uploaded, ``"renditions"``: a list of the same with ``name``, ``width``, ``height``, ``bandwidth``, ``codecs``.
    That of a document is ``{"pages": [{"file", "width", "height", "text", "least_ms"}]}``. ``kind`` is VIDEO, AUDIO or DOCUMENT.
    """

    media: UUID
    duration_ms: int
    package: dict[str, Any]
    has_subtitles: bool = True
    kind: str = "VIDEO"


def storage_name(media: UUID, file_name: str) -> str:
    """Return the name of one of a film's files in the object store; films are the platform's, whoever watches."""
    return f"platform/media/{media}/{file_name}"


def _ready(media: UUID) -> MediaAsset:
    shown = Courseware.objects.filter(media=OuterRef("pk"))
    kept = shown.exclude(version__state__in=NOT_SHOWN)
    rows = MediaAsset.objects.filter(uuid=media, state=MediaAsset.State.READY)
    row = rows.annotate(is_recalled=Exists(shown) & ~Exists(kept)).first()
    if row is None:
        raise not_found(_("视频"))
    if row.is_recalled and not require().is_platform:  # the desk may still look at it
        raise recalled()
    return row


def playback(media: UUID) -> Playback:
    """Return the description of a playable film.

    :raises DomainError: ``not_found``, also while it is still made; ``recalled`` where every version that shows it was taken down
    """
    row = _ready(media)
    return Playback(row.uuid, row.duration_ms or 0, row.package or {}, kind=row.kind)


def media_key(media: UUID, key_no: int) -> bytes:
    """Return one 16-byte AES key.

    :raises DomainError: ``not_found``
    """
    row = _ready(media)
    sealed = row.keys_sealed or b""
    film = keys.unseal(sealed, purpose=f"media/{media}", owner=keys.PLATFORM)  # whoever watches
    key = film[key_no * KEY_BYTES : (key_no + 1) * KEY_BYTES] if key_no >= 0 else b""
    if len(key) != KEY_BYTES:
        raise not_found(_("视频密钥"))
    return key


def media_file(media: UUID, file_name: str) -> str:
    """Return the storage name of one file of an asset: a segment, an init file, a page, a preview, subtitles or poster.

    :raises DomainError: ``not_found`` for any other name
    """
    if file_name not in file_names(_ready(media).package or {}):
        raise not_found(_("文件"))
    return storage_name(media, file_name)


def file_names(package: dict[str, Any]) -> set[str]:
    """Return the files that a package names, and those that every film may have (captions, poster)."""
    steps = [package, *package.get("renditions", ())]
    sprite = package.get("sprite", {})
    return {
        "subtitles.vtt",
        "poster.jpg",
        *(step["init"] for step in steps if "init" in step),
        *(segment["file"] for step in steps for segment in step.get("segments", ())),
        *(page["file"] for page in package.get("pages", ())),
        *(sprite[part] for part in ("file", "cues") if part in sprite),
    }


def open_media(media: UUID, file_name: str) -> IO[bytes]:
    """Open one file of a film; see `media_file` for names.

    :raises DomainError: ``not_found``
    """
    try:
        return default_storage.open(media_file(media, file_name))
    except FileNotFoundError as error:
        raise not_found(_("文件")) from error
