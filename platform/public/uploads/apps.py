"""App configuration."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Resumable uploads: parts, checks of type and viruses, clearing away of what was abandoned."""

    name = "public.uploads"
    label = "uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the boot check; tell the key page of files that lie in clear."""
        from public.operators.ports import CLEAR_FILES
        from public.uploads import checks  # noqa: F401
        from public.uploads.late import Plug

        CLEAR_FILES.plug(Plug())
