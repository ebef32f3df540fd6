"""Where an address that an enterprise typed may lead: to the internet, or into networks that the operator has named. Nowhere else."""

import ipaddress
import socket
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NoHost(Exception):
    """Nobody knows the host."""


class Forbidden(Exception):
    """One of the host's addresses is ours, private, local or reserved."""


def resolved(host: str, port: int, *, allowed: Sequence[Network]) -> Address:
    """Return the address to connect to. It is looked up once and used, so that a second answer cannot lead elsewhere.

    :raises Forbidden: one of its addresses is none to go to
    :raises NoHost: nobody knows the host
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoHost from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    if not addresses:
        raise NoHost
    if not all(is_open(address, allowed) for address in addresses):
        raise Forbidden
    return min(addresses, key=lambda address: address.version)


def is_named(address: Address, allowed: Sequence[Network]) -> bool:
    """Say whether the operator has named a network of this address."""
    return any(address.version == network.version and address in network for network in allowed)


def is_open(address: Address, allowed: Sequence[Network]) -> bool:
    """Say whether this address may be asked."""
    address = getattr(address, "ipv4_mapped", None) or address
    return is_named(address, allowed) or (address.is_global and not address.is_multicast)
