"""App configuration."""

from django.apps import AppConfig


class SealsConfig(AppConfig):
    """Signed tree heads of all enterprises, their copies outside the database, and the log of heads."""

    name = "public.seals"
    label = "seals"
    default_auto_field = "django.db.models.BigAutoField"
