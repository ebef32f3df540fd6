"""People of the platform and browsers in which they have signed in by both steps."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp
from django.test import Client

from infra.kit import clock
from public.operators import api as operators
from public.operators.api import Me
from public.regulators import api as regulators
from tenants.accounts.models import Credential

HOST = "anxue.localhost:8000"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Sao-chu-ying-1"
NAMES = {
    "AUTHOR": "课程作者甲",
    "REVIEWER": "审核员甲",
    "OPERATIONS": "运营甲",
    "SYSTEM": "系统员",
    "SECURITY": "保密员",
    "AUDIT": "审计员",
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(n: int) -> str:
    """A well-formed made-up number; each ``n`` (0-999) another person of the platform."""
    body = f"33010619850307{n:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def operator(role: str, *, login: str = "", name: str = "", totp: bool = True, person: int | None = None) -> int:
    """Write an operator and return the credential's id. Only before all three offices are filled.

    ``person``: which identity number, that of the office by default; the others have none unless one is named.
    """
    offices = {"SYSTEM": 1, "SECURITY": 2, "AUDIT": 3}
    who = person if person is not None else offices.get(role)
    return operators.open_operator(
        login=login or role.lower(),
        name=name or NAMES[role],
        password=PASSWORD,
        role=role,
        at=clock.now(),
        totp_secret=SECRET if totp else "",
        identity_number=identity_number(who) if who is not None else "",
    )


@dataclass(frozen=True)
class House:
    """The platform under three administrators, two of each that asks and decides. Values are ids of credentials."""

    author: int
    operations: int
    system: int
    system_too: int
    security: int
    security_too: int
    audit: int

    def me(self, part: str) -> Me:
        """Return one of them as services know them."""
        found = operators.operator_of(Credential.objects.get(pk=getattr(self, part)))
        assert found is not None
        return found


def house() -> House:
    """Fill the three offices; from then on the database takes accounts and roles only by two."""
    return House(
        author=operator("AUTHOR", person=20),
        operations=operator("OPERATIONS"),
        system=operator("SYSTEM"),
        system_too=operator("SYSTEM", login="system2", name="系统员乙", person=11),
        security=operator("SECURITY"),
        security_too=operator("SECURITY", login="security2", name="保密员乙", person=12),
        audit=operator("AUDIT"),
    )


def regulator(prefix: str, *, login: str = "") -> int:
    """Write an authority's account and return its id."""
    return regulators.open_regulator(
        login=login or f"jg{prefix}",
        name="监管员甲",
        password=PASSWORD,
        organisation="某市应急管理局",
        division_prefix=prefix,
        at=clock.now(),
        totp_secret=SECRET,
    )


def now_code() -> str:
    return pyotp.TOTP(SECRET).now()


def signed_in(login: str) -> Client:
    """Walk through both steps of the sign-in pages."""
    browser = Client(HTTP_HOST=HOST)
    first = browser.post("/desk/sign-in", {"login": login, "password": PASSWORD})
    assert first.status_code == 302, first.content.decode()
    second = browser.post("/desk/code", {"code": now_code()})
    assert second.status_code == 302, second.content.decode()
    return browser


def inside(credential_id: int) -> Client:
    """A browser in the state after both steps, without paying for them again."""
    browser = Client(HTTP_HOST=HOST)
    browser.force_login(Credential.objects.get(pk=credential_id))
    session = browser.session
    session[operators.SECOND_FACTOR] = credential_id
    session[operators.SEEN] = int(clock.now().timestamp())
    session.save()
    return browser


def desk(role: str) -> Client:
    """A new operator, inside."""
    return inside(operator(role))
