"""App configuration: fills the sockets that lower floors declare."""

from django.apps import AppConfig


class AdaptersConfig(AppConfig):
    """Plugs for SMS, media and PDF."""

    name = "infra.adapters"
    label = "adapters"

    def ready(self) -> None:
        """Plug in what the settings choose."""
        from infra.adapters import plugs

        plugs.connect()
