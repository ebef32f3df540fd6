"""App configuration."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Study sessions, beats and the credit engine."""

    name = "apps.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plug the credit engine and its sums into plans; listen to the catalogue; name the kinds of notice."""
        from apps.learning import notices, privacy, receivers  # noqa: F401
        from apps.learning.correcting import SittingEffect
        from apps.learning.credit import EarnedCredit, StudiedWhen
        from apps.learning.figures import StudySums
        from apps.learning.keepers import Beats, Checks, Sittings
        from apps.plans.api import CREDIT, SITTINGS, STUDY
        from apps.records.api import KEEPERS, STUDY_EFFECT

        for keeper in (Sittings(), Checks(), Beats()):
            KEEPERS.plug(keeper)
        CREDIT.plug(EarnedCredit())
        SITTINGS.plug(StudiedWhen())
        STUDY.plug(StudySums())
        STUDY_EFFECT.plug(SittingEffect())
        notices.register()
        privacy.register()
