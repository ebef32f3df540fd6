"""App configuration."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Settings, entry points, management commands: the room that knows everybody."""

    name = "infra.wiring"
    label = "wiring"

    def ready(self) -> None:
        """Connect receivers."""
        from infra.wiring import receivers  # noqa: F401
