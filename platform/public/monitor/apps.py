"""App configuration."""

from django.apps import AppConfig


class MonitorConfig(AppConfig):
    """The live board of all enterprises and the replay of a sitting."""

    name = "public.monitor"
    label = "monitor"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the alerts on the desk."""
        from public.monitor.queues import alert_queues
        from public.operators.api import add_queues

        add_queues(alert_queues)
