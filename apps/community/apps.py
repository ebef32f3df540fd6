"""App configuration."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What learners ask about courses and how they rate them."""

    name = "apps.community"
    label = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of notice known, listen to what the platform decides; ask for ratings and let the catalogue hear of them."""
        from apps.community import privacy
        from apps.community.ratings.feedback import rating_figures
        from apps.community.ratings.filed import RatingsOfFiles
        from apps.community.ratings.home import to_rate
        from apps.community.threads import notices, pictures, receivers
        from apps.plans.api import EVALUATIONS, add_home_part, add_quality_source
        from apps.records.api import OPENERS

        assert receivers  # noqa: S101 - importing it connects
        notices.register()
        add_home_part(to_rate)
        EVALUATIONS.plug(RatingsOfFiles())
        add_quality_source(rating_figures)
        privacy.register()
        for column in ("community.thread.picture", "community.post.picture"):
            OPENERS.file(column, pictures.opened)
