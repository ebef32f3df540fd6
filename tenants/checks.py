"""Boot checks: sockets that nobody filled."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from infra.kit.ports import unfilled


@register()
def every_socket_is_filled(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report each declared socket without a plug."""
    return [Error(f"nobody plugged into {name}", id="anxue.E001") for name in unfilled()]
