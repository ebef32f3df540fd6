"""Front door of the subtitles."""

from public.subtitles.cues import Cue
from public.subtitles.events import track_saved
from public.subtitles.gate import editor_url, subtitle_gaps
from public.subtitles.queries import Hit, TrackView, problems, search, text_of, track_of
from public.subtitles.reading import Imported
from public.subtitles.rules import Problem
from public.subtitles.services import Editor, adopt, import_track, save

__all__ = [
    "Cue",
    "Editor",
    "Hit",
    "Imported",
    "Problem",
    "TrackView",
    "adopt",
    "editor_url",
    "import_track",
    "problems",
    "save",
    "search",
    "subtitle_gaps",
    "text_of",
    "track_of",
    "track_saved",
]
