"""App configuration."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Settings, entry points, management commands: the room that knows everybody."""

    name = "infra.wiring"
    label = "wiring"
