"""What rooms below add to a version's snapshot, so that a change of rights or subtitles shows and is signed with the rest."""

from typing import Any

from infra.kit import canonical
from public.catalogue import api as catalogue
from public.rights import api as rights
from public.subtitles import api as subtitles


def rights_share(version_id: int) -> list[str]:
    """Return a line for each asset of the register: kind, title, holder, licence, term, digest of the evidence's name."""
    return sorted(
        f"{row.get_kind_display()} · {row.title} · {row.holder} · {row.get_licence_display()} · "
        f"{row.valid_from}–{row.valid_to or ''} · {row.evidence or row.statement}"
        for row in rights.assets_of(version_id)
    )


def subtitles_share(version_id: int) -> dict[str, str]:
    """Return lesson number -> SHA-256 (hex) of its captions; lessons without a track are left out."""
    found: dict[str, str] = {}
    for no, media_id in catalogue.media_ids(version_id).items():
        track = subtitles.track_of(media_id)
        if track is not None:
            found[str(no)] = canonical.digest(_cues(track)).hex()
    return found


def _cues(track: Any) -> list[list[Any]]:
    return [[cue.start_ms, cue.end_ms, cue.text] for cue in track.cues]
