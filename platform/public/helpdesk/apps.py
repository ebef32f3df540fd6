"""App configuration."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """Manual, common questions, tickets and the roster of the help desk."""

    name = "public.helpdesk"
    label = "helpdesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the queues on the desk."""
        from public.helpdesk.queues import help_queues
        from public.operators.api import add_queues

        add_queues(help_queues)
