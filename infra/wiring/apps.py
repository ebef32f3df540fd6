"""App configuration."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Settings, entry points, management commands: the room that knows everybody."""

    name = "infra.wiring"
    label = "wiring"

    def ready(self) -> None:
        """Connect receivers and error reports."""
        from infra.wiring import celery, receivers, watch  # noqa: F401

        watch.start()
