"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only event logs shared by all enterprises: audit events and study beats, partitioned by month."""

    name = "public.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
