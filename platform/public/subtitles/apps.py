"""App configuration."""

from django.apps import AppConfig


class SubtitlesConfig(AppConfig):
    """Subtitles of films and sounds: import, validation, editing, search inside."""

    name = "public.subtitles"
    label = "subtitles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the gate up and listen for finished films."""
        from public.catalogue.api import add_gate
        from public.subtitles import receivers  # noqa: F401
        from public.subtitles.gate import subtitle_gaps

        add_gate(subtitle_gaps)
