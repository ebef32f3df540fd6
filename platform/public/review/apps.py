"""App configuration."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Review before publish: four angles, each signed by somebody who is not the author."""

    name = "public.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the courses' queues on the desk."""
        from public.operators.api import add_queues
        from public.review.views import course_queues

        add_queues(course_queues)
