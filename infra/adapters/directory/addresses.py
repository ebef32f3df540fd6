"""Where a directory may stand (`infra.adapters.reach`), in the words of its socket."""

from collections.abc import Sequence

from apps.people.ports import SsoDown, SsoRefused
from infra.adapters import reach
from infra.adapters.reach import Network

__all__ = ["Network", "resolved"]


def resolved(host: str, port: int, *, allowed: Sequence[Network]) -> str:
    """Return the address to connect to.

    :raises SsoRefused: ``setup``: one of its addresses is ours, private, local or reserved
    :raises SsoDown: nobody knows the host
    """
    try:
        return str(reach.resolved(host, port, allowed=allowed))
    except reach.NoHost:
        raise SsoDown("no such host") from None
    except reach.Forbidden:
        raise SsoRefused("setup", "address") from None
