"""App configuration."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    """People who run the platform, their second factor and their desks."""

    name = "public.operators"
    label = "operators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the administrators' queues on the desk."""
        from public.operators.audit_views import audit_queues
        from public.operators.change_views import change_queues
        from public.operators.desk import add_queues

        add_queues(change_queues, of_administrators=True)
        add_queues(audit_queues, of_administrators=True)
