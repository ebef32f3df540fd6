"""Coming in by the enterprise's own directory, against a real server: set up, tested, signed in, bound."""

from ipaddress import ip_network

import pytest

from apps.people import ports
from apps.people.joining import ldap
from apps.people.models import Change, LdapSetup, OutsideAccount
from infra.adapters.directory import LdapDirectory
from infra.kit.errors import DomainError
from tenants.api import Credential
from tenants.scope import enterprise_scope
from tests.infra.adapters.directories import directory, papers

from .conftest import LEARNER, NOON, browser, is_in

SAID = {
    "host": "localhost", "port": 636, "base_dn": "ou=people,dc=example,dc=cn", "bind_dn": "cn=reader,dc=example,dc=cn",
    "secret": "reader-password", "login_attribute": "uid", "mobile_attribute": "mobile", "is_open": "on",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = papers(tmp_path_factory.mktemp("papers"), "localhost")
    with directory(made) as port:
        yield made, port


@pytest.fixture
def opened(server, owner):
    made, port = server
    before = ports.DIRECTORY.get()
    ports.DIRECTORY.plug(LdapDirectory(allowed=[ip_network("127.0.0.0/8")], ports=frozenset({port}), timeout_s=2))
    ldap.write(**{**SAID, "starts_tls": False, "ca_pem": made.ca_pem, "is_open": True}, by=owner.pk, at=NOON)
    LdapSetup.objects.update(port=port)
    yield
    ports.DIRECTORY.plug(before)


def come(client, login="zhangsan", password="right-password", **more):  # noqa: S107
    return client.post("/sso/ldap", {"login": login, "password": password, **more})


@pytest.mark.req("R5.7")
def test_the_owner_writes_it_down_and_the_password_is_never_shown_again(manager, jia):
    assert manager.post("/console/sign-in/ldap", SAID).status_code == 302
    assert "reader-password" not in manager.get("/console/sign-in/ldap").content.decode()
    with enterprise_scope(jia):
        assert b"reader-password" not in bytes(LdapSetup.objects.get().secret_sealed)
        assert "reader-password" not in str(Change.objects.get(subject="sso:LDAP").changes)


@pytest.mark.parametrize(
    "wrong", [{"host": "ldap://x"}, {"port": 22}, {"login_attribute": "uid)(x"}, {"ca_pem": "x"}, {"secret": ""}]
)
def test_refuses_and_writes_nothing(manager, jia, wrong):
    assert manager.post("/console/sign-in/ldap", SAID | wrong).status_code == 422
    with enterprise_scope(jia):
        assert not LdapSetup.objects.exists()


def test_the_kept_password_never_goes_to_another_server(opened, owner, server):
    words = {**SAID, "starts_tls": False, "ca_pem": server[0].ca_pem, "is_open": True, "host": "evil.example", "secret": ""}
    with pytest.raises(DomainError, check=lambda error: error.code == "secret_missing"):
        ldap.write(**words, by=owner.pk, at=NOON)
    assert LdapSetup.objects.get().host == "localhost"


def test_the_test_button_says_what_is(opened, manager):
    assert "查得到人" in manager.post("/console/sign-in/ldap/test", follow=True).content.decode()


@pytest.mark.req("R2.1")
def test_a_learner_signs_in_and_is_bound_by_the_told_mobile(opened, jia):
    client = browser(jia)
    assert "用公司账号登录" in client.get("/sign-in").content.decode()
    assert come(client, next="/me")["Location"] == "/me"
    assert is_in(client)
    with enterprise_scope(jia):
        row = OutsideAccount.objects.get()
        assert (row.kind, row.credential) == ("LDAP", Credential.objects.by_login(LEARNER))


def test_who_has_no_mobile_there_shows_the_phone(opened, jia):
    client = browser(jia)
    assert come(client, "lisi", "second-password")["Location"] == "/sso/bind"
    assert "公司账号" in client.get("/sso/bind").content.decode()
    assert not is_in(client)


def test_five_wrong_passwords_close_the_account_here(opened, jia):
    answers = [come(browser(jia), password="wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert come(browser(jia)).status_code == 429
    assert come(browser(jia), "lisi", "second-password").status_code == 302


def test_closed_it_is_neither_offered_nor_asked(opened, jia, yi):
    with enterprise_scope(jia):
        LdapSetup.objects.update(is_open=False)
    for site in (jia, yi):
        assert "用公司账号登录" not in browser(site).get("/sign-in").content.decode()
        assert come(browser(site)).status_code == 404
