"""App configuration."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What learners ask about courses and how they rate them."""

    name = "apps.community"
    label = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Ask for ratings on the home, and let the catalogue hear how courses were rated."""
        from apps.community.ratings.feedback import rating_figures
        from apps.community.ratings.home import to_rate
        from apps.plans.api import add_home_part, add_quality_source

        add_home_part(to_rate)
        add_quality_source(rating_figures)
