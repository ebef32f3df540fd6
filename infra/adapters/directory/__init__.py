"""Plugs that ask an enterprise's own directory. The library is loaded with the first question: it costs each process 0.3 s."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apps.people.ports import DirectoryAccess, OutsidePerson
from infra.adapters.directory.addresses import Network

if TYPE_CHECKING:
    from infra.adapters.directory.ldap import Desk

TIMEOUT_S = 5
PORTS = frozenset({389, 636, 3268, 3269})


class LdapDirectory:
    """Fills `apps.people.ports.DIRECTORY`.

    :param allowed: networks besides the internet that a directory may stand in
    :param ports: the well-known ones; a trial names its own
    """

    def __init__(self, *, allowed: Sequence[Network] = (), ports: frozenset[int] = PORTS, timeout_s: int = TIMEOUT_S) -> None:
        self._allowed, self._ports, self._timeout_s = allowed, ports, timeout_s

    def person(self, access: DirectoryAccess, *, login: str, password: str) -> OutsidePerson:
        """See :class:`apps.people.ports.Directory`."""
        return self._desk().person(access, login=login, password=password)

    def check(self, access: DirectoryAccess) -> int:
        """See :class:`apps.people.ports.Directory`."""
        return self._desk().check(access)

    def _desk(self) -> "Desk":
        from infra.adapters.directory.ldap import Desk

        return Desk(allowed=self._allowed, ports=self._ports, timeout_s=self._timeout_s)


__all__ = ["LdapDirectory"]
