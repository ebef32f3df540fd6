"""App configuration."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The append-only ledger, learner archive and certificates."""

    name = "apps.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the platform prove what stands in a ledger; write down what happens to the enterprise's keys; keep old months of the log;
        let evidence of corrections go along.
        """
        from apps.records import receivers  # noqa: F401
        from apps.records.correcting import evidence
        from apps.records.retention.events import Events
        from apps.records.retention.ports import KEEPERS, OPENERS
        from apps.records.sealing.plugs import LedgerProofs
        from apps.records.sealing.unsealed import standing_in_the_way
        from public.lifecycle.api import Guard, add_guard
        from public.seals.api import PROOFS

        PROOFS.plug(LedgerProofs())
        add_guard(Guard(standing_in_the_way))
        KEEPERS.plug(Events())
        OPENERS.file("records.correction.evidence_key", evidence.opened)
