"""App configuration."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Study sessions, beats and the credit engine."""

    name = "apps.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plug the credit engine into plans; listen to the catalogue."""
        from apps.learning import receivers  # noqa: F401
        from apps.learning.credit import EarnedCredit, StudiedWhen
        from apps.plans.api import CREDIT, STUDY

        CREDIT.plug(EarnedCredit())
        STUDY.plug(StudiedWhen())
