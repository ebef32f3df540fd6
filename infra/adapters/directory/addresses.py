"""Where a host that an enterprise typed may lead: to the internet, or into networks that the operator has named. Nowhere else."""

import ipaddress
import socket
from collections.abc import Sequence

from apps.people.ports import SsoDown, SsoRefused

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def resolved(host: str, port: int, *, allowed: Sequence[Network]) -> str:
    """Return the address to connect to. It is looked up once and used, so that a second answer cannot lead elsewhere.

    :raises SsoRefused: ``setup``: one of its addresses is ours, private, local or reserved
    :raises SsoDown: nobody knows the host
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SsoDown("no such host") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    for address in addresses:
        if not _is_open(address, allowed):
            raise SsoRefused("setup", "address")
    return str(min(addresses, key=lambda address: address.version))


def _is_open(address: ipaddress.IPv4Address | ipaddress.IPv6Address, allowed: Sequence[Network]) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if any(address.version == network.version and address in network for network in allowed):
        return True
    return address.is_global and not address.is_multicast
