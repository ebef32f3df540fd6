"""App configuration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The index over published courses, synonyms, and the figures by which courses rank."""

    name = "public.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow the catalogue, and put the low performers on the desk."""
        from public.operators.api import add_queues
        from public.search import receivers
        from public.search.views import quality_queues

        receivers.connect()
        add_queues(quality_queues)
