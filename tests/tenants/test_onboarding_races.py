"""Sign-ups at the same moment, with real committed connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import onboarding
from tenants.models import Domain, Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.tenants.signing_up import fresh_mobile, fresh_uscc, typed

pytestmark = pytest.mark.req("S1")


def race(forms: list[onboarding.SignUp]) -> list[str]:
    """Sign all up at once; return each one's fate."""
    gate = Barrier(len(forms))

    def run(form: onboarding.SignUp) -> str:
        gate.wait()
        try:
            onboarding.sign_up(form=form, at=clock.now(), ip="10.1.1.1")
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "opened"

    with ThreadPoolExecutor(len(forms)) as pool:
        return sorted(pool.map(run, forms))


def test_of_two_who_want_one_subdomain_one_gets_it(passing: str) -> None:
    forms = [typed(subdomain=f"{passing}race", mobile=fresh_mobile(), uscc=fresh_uscc()) for _ in range(2)]
    assert race(forms) == ["opened", "subdomain_taken"]
    with platform_scope():
        assert Enterprise.objects.filter(subdomain=f"{passing}race").count() == 1
        assert Domain.objects.filter(domain__startswith=f"{passing}race").count() == 1


def test_of_two_look_alikes_one_gets_it(passing: str) -> None:
    names = (f"{passing}demo", f"{passing}dem0")
    assert race([typed(subdomain=name, mobile=fresh_mobile(), uscc=fresh_uscc()) for name in names]) == [
        "opened",
        "subdomain_taken",
    ]


def test_a_company_signs_up_once(passing: str) -> None:
    uscc = fresh_uscc()
    forms = [typed(subdomain=f"{passing}{name}", mobile=fresh_mobile(), uscc=uscc) for name in ("north", "south")]
    assert race(forms) == ["opened", "uscc_taken"]


def test_one_phone_with_two_forms_opens_two_separate_places(passing: str) -> None:
    mobile = fresh_mobile()
    form = typed(subdomain=f"{passing}east", mobile=mobile, uscc=fresh_uscc())
    other = typed(subdomain=f"{passing}west", mobile=mobile, uscc=fresh_uscc(), proof=form.proof)
    assert race([form, other]) == ["opened", "opened"]
    from tenants.accounts.models import Credential
    from tenants.sites import site_of

    with platform_scope():
        sites = [site_of(row) for row in Enterprise.objects.filter(subdomain__in=[form.subdomain, other.subdomain])]
    for site in sites:
        with enterprise_scope(site):
            assert Credential.objects.count() == 1
