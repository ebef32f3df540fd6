"""App configuration."""

from django.apps import AppConfig


class RemarksConfig(AppConfig):
    """Remarks that enterprises offer, the desk that looks them over, and what everybody may read beside a course."""

    name = "public.remarks"
    label = "remarks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put what waits on the desk."""
        from public.operators.api import add_queues
        from public.remarks.views import remark_queues

        add_queues(remark_queues)
