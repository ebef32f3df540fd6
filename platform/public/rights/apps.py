"""App configuration."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """The register of fonts, texts, pictures, sounds, films and portraits, with evidence and term (clause R3.2)."""

    name = "public.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the gate up, follow copies of versions, show the queues on the desk, keep what proves that a course may be shown."""
        from public.catalogue.api import add_gate, version_copied
        from public.lifecycle.api import add_kept_files
        from public.operators.api import add_queues
        from public.rights.gate import rights_gaps
        from public.rights.queries import kept_evidence
        from public.rights.receivers import copy_with_the_version
        from public.rights.views.queues import rights_queues

        add_gate(rights_gaps)
        version_copied.connect(copy_with_the_version, dispatch_uid="rights of a copied version")
        add_queues(rights_queues)
        add_kept_files(kept_evidence)
