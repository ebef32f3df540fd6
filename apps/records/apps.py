"""App configuration."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The append-only ledger, learner archive and certificates."""

    name = "apps.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
