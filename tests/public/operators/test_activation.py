"""Somebody takes over a new account with one half from each administrator; neither half alone opens anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from infra.kit import clock
from public.audit.models import AuditEvent
from public.operators import activation, changes
from tenants.accounts.models import Credential
from tests.public.desk import HOST, PASSWORD, House, house, identity_number, inside, signed_in

pytestmark = pytest.mark.req("R5.7")
GOOD = "一句只有自己知道的话 47"


@pytest.fixture
def people(platform: None) -> House:
    return house()


@pytest.fixture
def fresh(people: House) -> Credential:
    at, ip = clock.now(), "198.51.100.7"
    row = changes.ask_open(login="author2", name="课程作者乙", role="AUTHOR", identity_number=identity_number(30), reason="新人到岗",
                           me=people.me("system"), at=at, ip=ip)  # fmt: skip
    changes.decide(uuid=row.uuid, approve=True, reason="已核对", me=people.me("security"), at=at, ip=ip)
    found = Credential.objects.by_login("author2")
    assert found is not None
    return found


def send(fresh: Credential, **data: str):
    form = {"code": activation.code(fresh), "password": GOOD, "again": GOOD} | data
    return Client(HTTP_HOST=HOST).post(activation.link(fresh), form)


def test_link_code_and_own_password_open_the_account_once(fresh):
    link = activation.link(fresh)
    assert send(fresh).status_code == 302
    fresh.refresh_from_db()
    assert fresh.check_password(GOOD)
    assert AuditEvent.objects.filter(action="desk.activated", target=f"credential:{fresh.pk}").count() == 1
    assert Client(HTTP_HOST=HOST).get(link).status_code == 404, "the link is void"


@pytest.mark.parametrize(
    "data",
    [{"code": "00000000"}, {"code": ""}, {"password": "短短短", "again": "短短短"}, {"again": "另一句话另一句话 1"},
     {"password": "1234567890", "again": "1234567890"}],
)  # fmt: skip
def test_refuses_a_wrong_half_or_a_weak_password_and_sets_none(fresh, data):
    assert send(fresh, **data).status_code == 422
    fresh.refresh_from_db()
    assert not fresh.has_usable_password()


def test_a_forged_link_opens_nothing(fresh):
    link = activation.link(fresh)
    assert Client(HTTP_HOST=HOST).get(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404


def test_each_administrator_sees_one_half(people, fresh):
    url = f"/desk/people/{fresh.pk}"
    system, security, audit = (
        inside(getattr(people, part)).get(url).content.decode() for part in ("system", "security", "audit")
    )
    code = activation.code(fresh)
    assert ("data-activation-link" in system, code in system) == (True, False)
    assert ("data-activation-link" in security, code in security) == (False, True)
    assert ("data-activation-link" in audit, code in audit) == (False, False)


def test_shuts_after_ten_wrong_codes_even_for_the_right_one(fresh):
    for _ in range(10):
        send(fresh, code="00000000")
    assert send(fresh).status_code == 429
    fresh.refresh_from_db()
    assert not fresh.has_usable_password()
    assert AuditEvent.objects.filter(action="desk.activation_refused", result="REFUSED").count() == 10


@pytest.mark.req("R5.7")
def test_a_password_of_ninety_days_is_changed_before_anything_else(people):
    Credential.objects.filter(pk=people.operations).update(created_at=clock.now() - timedelta(days=91))
    browser = signed_in("operations")
    for path in ("/desk/", "/desk/enterprises"):
        assert browser.get(path)["Location"] == "/desk/security", path
    assert "请先更换密码" in browser.get("/desk/security").content.decode()
    assert change(browser).status_code == 302
    assert browser.get("/desk/enterprises").status_code == 200
    person = Credential.objects.get(pk=people.operations)
    assert not activation.is_old(person, at=clock.now() + timedelta(days=89))
    assert activation.is_old(person, at=clock.now() + timedelta(days=91))


def change(browser: Client, **data: str):
    return browser.post("/desk/security/password", {"old": PASSWORD, "password": GOOD, "again": GOOD} | data)


def test_one_changes_the_own_password_and_other_sessions_end(people):
    here, elsewhere = inside(people.author), inside(people.author)
    assert change(here).status_code == 302
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302
    assert Credential.objects.get(pk=people.author).check_password(GOOD)
    assert AuditEvent.objects.filter(action="desk.password_changed").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"old": "wrong"},
        {"again": "另一句话另一句话 1"},
        {"password": PASSWORD, "again": PASSWORD},
        {"password": "短", "again": "短"},
    ],
)
def test_refuses_without_the_old_password_or_with_a_weak_one_and_changes_nothing(people, data):
    assert change(inside(people.author), **data).status_code == 422
    assert Credential.objects.get(pk=people.author).check_password(PASSWORD)
