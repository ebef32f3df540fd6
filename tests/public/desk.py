"""People of the platform and browsers in which they have signed in by both steps."""

from __future__ import annotations

import pyotp
from django.test import Client

from infra.kit import clock
from public.operators import api as operators
from public.regulators import api as regulators
from tenants.accounts.models import Credential

HOST = "anxue.localhost:8000"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Sao-chu-ying-1"
NAMES = {"AUTHOR": "课程作者甲", "REVIEWER": "审核员甲", "OPERATIONS": "运营甲"}


def operator(role: str, *, login: str = "", totp: bool = True) -> int:
    """Write an operator and return the credential's id."""
    return operators.open_operator(
        login=login or role.lower(),
        name=NAMES[role],
        password=PASSWORD,
        role=role,
        at=clock.now(),
        totp_secret=SECRET if totp else "",
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
    session.save()
    return browser


def desk(role: str) -> Client:
    """A new operator, inside."""
    return inside(operator(role))
