"""App configuration."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Complaints of anybody across tenants, their promised times, their desk."""

    name = "public.complaints"
    label = "complaints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the queues on the desk; listen to appeals."""
        from public.complaints import receivers  # noqa: F401 - connects itself
        from public.complaints.queries import standing_in_the_way
        from public.complaints.queues import complaint_queues
        from public.lifecycle.api import Guard, add_guard
        from public.operators.api import add_queues

        add_queues(complaint_queues)
        add_guard(Guard(standing_in_the_way, "complaints_complaint"))
