"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Training plans from the law's templates, course selection, assignments."""

    name = "apps.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow people through their units, make the kinds of notice known."""
        from apps.plans import notices
        from apps.plans.classes import telling as telling_of_classes
        from apps.plans.running import receivers
        from apps.plans.running.wording import register_notices
        from apps.plans.signing import telling
        from apps.plans.takeaway import plug

        receivers.connect()
        register_notices()
        telling.register()
        telling_of_classes.register()
        notices.register()
        plug()
