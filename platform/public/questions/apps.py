"""App configuration."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """What a question is, and the platform's shared banks (clause R2.8)."""

    name = "public.questions"
    label = "questions"
    default_auto_field = "django.db.models.BigAutoField"
