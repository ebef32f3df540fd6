"""App configuration."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The append-only ledger, learner archive and certificates."""

    name = "apps.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the platform prove what stands in a ledger; write down what happens to the enterprise's keys."""
        from apps.records import receivers  # noqa: F401
        from apps.records.sealing.plugs import LedgerProofs
        from public.seals.api import PROOFS

        PROOFS.plug(LedgerProofs())
