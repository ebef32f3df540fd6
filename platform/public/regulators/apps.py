"""App configuration."""

from django.apps import AppConfig


class RegulatorsConfig(AppConfig):
    """What reaches the emergency-management authority: records, certificates, signed feeds."""

    name = "public.regulators"
    label = "regulators"
    default_auto_field = "django.db.models.BigAutoField"
