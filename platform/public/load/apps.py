"""App configuration."""

from django.apps import AppConfig


class LoadConfig(AppConfig):
    """Load against design load, warnings, their log."""

    name = "public.load"
    label = "load"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put open warnings on the desk, of operations and of the system's administrator, and say in words what both are told."""
        from public.load import telling
        from public.load.queues import load_queues, load_queues_of_administrators
        from public.operators.api import NoticeKind, add_queues, register

        add_queues(load_queues)
        add_queues(load_queues_of_administrators, of_administrators=True)
        register(telling.KIND, NoticeKind(telling.words, telling.is_due))
