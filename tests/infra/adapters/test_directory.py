"""LDAP against a real server on this machine: who gets in, and that nothing is said without TLS or to the wrong host."""

from __future__ import annotations

import socket
from dataclasses import replace
from ipaddress import ip_network

import pytest

from apps.people.ports import DirectoryAccess, SsoDown, SsoRefused
from infra.adapters.directory import LdapDirectory
from infra.adapters.directory.addresses import resolved

from .directories import directory, papers

LOOPBACK = [ip_network("127.0.0.0/8")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return papers(tmp_path_factory.mktemp("papers"), "localhost")


@pytest.fixture(scope="module")
def port(made):
    with directory(made) as found:
        yield found


@pytest.fixture
def access(made, port):
    return DirectoryAccess(
        host="localhost",
        port=port,
        starts_tls=False,
        base_dn="ou=people,dc=example,dc=cn",
        bind_dn="cn=reader,dc=example,dc=cn",
        secret="reader-password",
        login_attribute="uid",
        mobile_attribute="mobile",
        ca_pem=made.ca_pem,
    )


def desk(access, timeout_s=2):
    return LdapDirectory(allowed=LOOPBACK, ports=frozenset({access.port}), timeout_s=timeout_s)


def test_who_knows_the_password_is_named_with_the_mobile(access):
    person = desk(access).person(access, login="zhangsan", password="right-password")
    assert (person.subject, person.name, person.mobile) == ("uid=zhangsan,ou=people,dc=example,dc=cn", "学员甲", "13800000001")
    assert desk(access).person(access, login=" lisi ", password="second-password").mobile == ""


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("zhangsan", "wrong"),
        ("zhangsan", ""),  # this server lets a name without a password bind; that proves nothing
        ("nobody", "right-password"),
        ("", "right-password"),
        ("*", "right-password"),
        ("zhangsan)(|(uid=*", "right-password"),
        ("zhang*", "right-password"),
        ("twin", "third-password"),  # two people have it
    ],
)
def test_everybody_else_is_a_stranger(access, login, password):
    with pytest.raises(SsoRefused) as refusal:
        desk(access).person(access, login=login, password=password)
    assert refusal.value.reason == "stranger"


def test_the_test_button_sees_people_or_says_that_there_are_none(access):
    assert desk(access).check(access) == 1
    assert desk(access).check(replace(access, login_attribute="sAMAccountName")) == 0


@pytest.mark.parametrize(
    "wrong", [{"secret": "wrong"}, {"bind_dn": "cn=nobody,dc=example,dc=cn"}, {"base_dn": "dc=elsewhere"}, {"ca_pem": ""},
              {"ca_pem": "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----"}]
)  # fmt: skip
def test_what_is_set_up_wrongly_is_told_as_that(access, wrong):
    with pytest.raises(SsoRefused) as refusal:
        desk(access).check(replace(access, **wrong))
    assert refusal.value.reason == "setup"
    assert "reader-password" not in str(refusal.value)


def test_a_certificate_of_another_host_or_authority_ends_the_talk(made, tmp_path, access):
    other = papers(tmp_path, "other.example")
    with directory(other) as port:
        for ca_pem in (other.ca_pem, made.ca_pem):
            with pytest.raises(SsoRefused) as refusal:
                desk(replace(access, port=port)).check(replace(access, port=port, ca_pem=ca_pem))
            assert (refusal.value.reason, refusal.value.trace) == ("setup", "certificate")


@pytest.mark.parametrize("starts_tls", [False, True])
def test_a_server_without_tls_is_told_nothing(made, access, starts_tls):
    with directory(made, "plain") as port:
        plain = replace(access, port=port, starts_tls=starts_tls)
        with pytest.raises(SsoRefused) as refusal:
            desk(plain).person(plain, login="zhangsan", password="right-password")
        assert refusal.value.reason == "setup"


def test_silence_and_nobody_there_are_no_answer(made, access):
    with directory(made, "silent") as port:
        silent = replace(access, port=port)
        with pytest.raises(SsoDown):
            desk(silent, timeout_s=1).person(silent, login="zhangsan", password="right-password")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        gone = replace(access, port=probe.getsockname()[1])
    with pytest.raises(SsoDown):
        desk(gone, timeout_s=1).check(gone)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
                                  "::1", "::ffff:127.0.0.1", "fd00::1", "224.0.0.1"])  # fmt: skip
def test_our_own_networks_are_never_asked(host):
    with pytest.raises(SsoRefused):
        resolved(host, 636, allowed=[])


def test_a_network_that_the_operator_named_is_asked():
    assert resolved("127.0.0.1", 636, allowed=LOOPBACK) == "127.0.0.1"


def test_other_ports_are_never_asked(access):
    with pytest.raises(SsoRefused):
        LdapDirectory(allowed=LOOPBACK).check(access)
