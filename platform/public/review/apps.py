"""App configuration."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Review before publish: four angles, each signed by somebody who is not the author; re-review; recall."""

    name = "public.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the courses' queues on the desk; see that the calendar still knows the holidays."""
        from django.core.checks import register

        from public.catalogue.api import add_content
        from public.operators.api import add_queues
        from public.review.queues import course_queues
        from public.review.shares import rights_share, subtitles_share
        from public.review.workdays import check_calendar

        add_content("rights", rights_share)
        add_content("subtitles", subtitles_share)
        add_queues(course_queues)
        register(check_calendar)
