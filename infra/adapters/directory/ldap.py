"""LDAP by ldap3 (decision 0041): TLS or nothing, one entry or nobody, no referrals, seconds and not minutes."""

import ssl
from collections.abc import Sequence
from typing import Any

import ldap3
from ldap3.core.exceptions import (
    LDAPBindError,
    LDAPCertificateError,
    LDAPException,
    LDAPExceptionError,
    LDAPInvalidCredentialsResult,
    LDAPSocketOpenError,
    LDAPSocketReceiveError,
    LDAPSocketSendError,
    LDAPStartTLSError,
)
from ldap3.utils.conv import escape_filter_chars

from apps.people.ports import DirectoryAccess, OutsidePerson, SsoDown, SsoRefused
from infra.adapters.directory.addresses import Network, resolved
from infra.adapters.sso.wire import mobile

_DOWN = (LDAPSocketOpenError, LDAPSocketReceiveError, LDAPSocketSendError)


class Desk:
    """Asks one directory; see :class:`infra.adapters.directory.LdapDirectory`."""

    def __init__(self, *, allowed: Sequence[Network], ports: frozenset[int], timeout_s: int) -> None:
        self._allowed, self._ports, self._timeout_s = allowed, ports, timeout_s

    def person(self, access: DirectoryAccess, *, login: str, password: str) -> OutsidePerson:
        """See :class:`apps.people.ports.Directory`."""
        if not login.strip() or not password:  # an empty password binds nobody and would look like success (RFC 4513 5.1.2)
            raise SsoRefused("stranger")
        wanted = [name for name in ("cn", access.mobile_attribute) if name]
        entries = self._searched(access, f"({access.login_attribute}={escape_filter_chars(login.strip())})", wanted)
        if len(entries) != 1:
            raise SsoRefused("stranger")
        dn = str(entries[0]["dn"])
        link = self._opened(access, dn, password)
        try:
            if not _bound(link):
                raise SsoRefused("stranger")
        finally:
            _closed(link)
        told = entries[0]["attributes"]
        return OutsidePerson(dn.lower(), _first(told.get("cn")), mobile(_first(told.get(access.mobile_attribute))))

    def check(self, access: DirectoryAccess) -> int:
        """See :class:`apps.people.ports.Directory`."""
        return min(1, len(self._searched(access, f"({access.login_attribute}=*)", ["cn"])))

    def _searched(self, access: DirectoryAccess, wanted: str, attributes: list[str]) -> list[dict[str, Any]]:
        link = self._opened(access, access.bind_dn, access.secret)
        try:
            if not _bound(link):
                raise SsoRefused("setup", "ldap bind")
            link.search(access.base_dn, wanted, attributes=attributes, size_limit=2, time_limit=self._timeout_s)
            number = link.result["result"]
            if number not in {0, 4}:  # done; more than two
                raise SsoRefused("setup", f"ldap {number}")
            return [entry for entry in link.response or [] if entry.get("type") == "searchResEntry"]
        except _DOWN as error:
            raise SsoDown(type(error).__name__) from None
        except LDAPException as error:
            raise SsoRefused("setup", type(error).__name__) from None
        finally:
            _closed(link)

    def _opened(self, access: DirectoryAccess, dn: str, password: str) -> ldap3.Connection:
        """Return a connection that speaks TLS and has not bound yet.

        :raises SsoRefused: ``setup``: a port that is none, a certificate that is not the host's
        :raises SsoDown: there was no answer
        """
        if access.port not in self._ports:
            raise SsoRefused("setup", "port")
        address = resolved(access.host, access.port, allowed=self._allowed)
        tls = ldap3.Tls(
            validate=ssl.CERT_REQUIRED, valid_names=[access.host], sni=access.host,
            ca_certs_data=access.ca_pem or None,
        )  # fmt: skip
        server = ldap3.Server(
            address,
            port=access.port,
            use_ssl=not access.starts_tls,
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=self._timeout_s,
        )
        try:
            link = ldap3.Connection(
                server, user=dn, password=password, auto_referrals=False, receive_timeout=self._timeout_s, read_only=True,
                auto_bind=ldap3.AUTO_BIND_NONE, return_empty_attributes=True,
            )  # fmt: skip
            link.open(read_server_info=False)
            if access.starts_tls and not link.start_tls(read_server_info=False):
                raise SsoRefused("setup", "no TLS")
        except LDAPSocketOpenError as error:
            is_tls = "ssl" in str(error).lower() or "certificate" in str(error).lower()
            raise (SsoRefused("setup", "certificate") if is_tls else SsoDown("no connection")) from None
        except (LDAPCertificateError, LDAPStartTLSError, ssl.SSLError, ValueError):
            raise SsoRefused("setup", "certificate") from None
        except (LDAPExceptionError, OSError) as error:
            raise SsoDown(type(error).__name__) from None
        return link


def _bound(link: ldap3.Connection) -> bool:
    try:
        return bool(link.bind(read_server_info=False))
    except (LDAPBindError, LDAPInvalidCredentialsResult):
        return False
    except (LDAPExceptionError, OSError) as error:
        raise SsoDown(type(error).__name__) from None


def _closed(link: ldap3.Connection) -> None:
    try:
        link.unbind()
    except (LDAPException, OSError):
        return


def _first(value: object) -> str:
    """Return the first value of an attribute as text."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value or "")
