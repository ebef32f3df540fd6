"""App configuration."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    """One natural person across enterprises: the study lease and the day's allowance."""

    name = "public.persons"
    label = "persons"
    default_auto_field = "django.db.models.BigAutoField"
