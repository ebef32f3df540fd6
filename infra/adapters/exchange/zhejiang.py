"""Zhejiang's gateway of shared interfaces: one address a route, its HMAC over the request line, our stamp for the body beside it.

The gateway signs no body, so a change on the way would go unseen without ours. ``secret`` of the line is ``<access key>:<secret key>``.
"""

from datetime import datetime

from infra.adapters.exchange.rest import RestCarrier
from infra.kit.exchange import zhejiang
from public.regulators.ports import Line

OPERATION = "X-Exchange-Operation"


class ZhejiangCarrier(RestCarrier):
    """Carries JSON through the gateway."""

    def address(self, line: Line, what: str) -> str:
        """The route is the address; the operation stands in a header."""
        return line.address

    def more_headers(self, line: Line, path: str, what: str, at: datetime) -> dict[str, str]:
        """Return the gateway's four headers and the operation."""
        key, _colon, secret = line.secret.partition(":")
        return {**zhejiang.headers(method="POST", path=path, key=key, secret=secret, at=at), OPERATION: what}
