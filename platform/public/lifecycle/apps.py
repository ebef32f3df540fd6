"""App configuration."""

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    """The life of an enterprise on the platform: verified, suspended, visited by leave, closed (clauses 五.4, 五.7)."""

    name = "public.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the queues on the desk."""
        from public.lifecycle.queues import lifecycle_queues
        from public.operators.api import add_queues

        add_queues(lifecycle_queues)
