"""App configuration."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Cases, their desk and the way a decision is told back."""

    name = "public.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the open cases on the desk."""
        from public.appeals.views import case_queues
        from public.operators.api import add_queues

        add_queues(case_queues)
