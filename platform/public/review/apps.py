"""App configuration."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Review before publish: four angles, each signed by somebody who is not the author."""

    name = "public.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
