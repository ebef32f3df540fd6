"""App configuration."""

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """Answers that enterprises propose, the desk that looks them over, and what everybody may read."""

    name = "public.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put what waits on the desk."""
        from public.answers.views import answer_queues
        from public.operators.api import add_queues

        add_queues(answer_queues)
