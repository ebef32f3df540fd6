"""App configuration."""

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    """Pages on which courses, lessons, trainers and the taxonomy are written; the rows are the catalogue's."""

    name = "public.authoring"
    label = "authoring"
    default_auto_field = "django.db.models.BigAutoField"
