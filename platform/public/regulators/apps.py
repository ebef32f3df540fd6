"""App configuration."""

from django.apps import AppConfig


class RegulatorsConfig(AppConfig):
    """What reaches the emergency-management authority: records, certificates, signed feeds."""

    name = "public.regulators"
    label = "regulators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put what waits on the desk, and hear of new enterprises."""
        from public.operators.api import add_queues
        from public.regulators.exchange import receivers  # noqa: F401
        from public.regulators.exchange.views import queues

        add_queues(queues)
