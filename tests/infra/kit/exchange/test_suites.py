"""Algorithms of the exchange, against published vectors and OpenSSL, and against somebody who alters things."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from infra.kit.exchange import suites
from infra.kit.exchange.suites import Keys, SealBroken, Suite
from tests.infra.kit.exchange import openssl
from tests.infra.kit.exchange.openssl import OpenSsl

pytestmark = pytest.mark.req("R5.6")
MESSAGE = "学员甲的学习记录".encode()


def two(suite: Suite) -> tuple[Keys, Keys]:
    """The keys of both sides."""
    if suite is Suite.SHARED:
        return Keys(suite, shared=b"0123456789abcdef"), Keys(suite, shared=b"0123456789abcdef")
    ours, theirs = suites.make_pair(suite), suites.make_pair(suite)
    return Keys(suite, ours[1], ours[0], theirs[0]), Keys(suite, theirs[1], theirs[0], ours[0])


@pytest.fixture(params=list(Suite))
def sides(request: pytest.FixtureRequest) -> tuple[Keys, Keys]:
    return two(request.param)


def test_what_one_side_signs_the_other_checks(sides):
    ours, theirs = sides
    signature = suites.sign(ours, MESSAGE)
    assert suites.verify(theirs, MESSAGE, signature)
    assert not suites.verify(theirs, MESSAGE + b".", signature)
    assert not suites.verify(theirs, MESSAGE, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not suites.verify(theirs, MESSAGE, b"")


def test_another_key_checks_nothing(sides):
    ours, _theirs = sides
    stranger = replace(two(ours.suite)[1], shared=b"another secret of 16" if ours.suite is Suite.SHARED else b"")
    assert not suites.verify(stranger, MESSAGE, suites.sign(ours, MESSAGE))


def test_a_former_key_checks_too_and_opens_nothing_new(sides):
    ours, theirs = sides
    signature = suites.sign(ours, MESSAGE)
    next_pair = two(ours.suite)[0]
    shared = b"another secret of 16" if ours.suite is Suite.SHARED else b""
    changed = replace(theirs, their_public=next_pair.own_public, shared=shared)
    assert not suites.verify(changed, MESSAGE, signature)
    both = replace(changed, former_public=theirs.their_public, former_shared=theirs.shared)
    assert suites.verify(both, MESSAGE, signature)
    wrapped = suites.wrap(both, bytes(ours.suite.key_bytes))
    with pytest.raises(SealBroken):
        suites.unwrap(ours, wrapped)


def test_a_content_key_opens_for_its_receiver_alone(sides):
    ours, theirs = sides
    key = bytes(range(ours.suite.key_bytes))
    wrapped = suites.wrap(ours, key)
    assert suites.unwrap(theirs, wrapped) == key
    stranger = replace(two(ours.suite)[1], shared=b"another secret of 16" if ours.suite is Suite.SHARED else b"")
    for opener, sealed in (
        (stranger, wrapped),
        (theirs, wrapped[:-1] + bytes([wrapped[-1] ^ 1])),
        (theirs, b""),
        (theirs, b"x" * 70),
    ):
        with pytest.raises(SealBroken):
            suites.unwrap(opener, sealed)


def test_a_sealed_field_does_not_move_to_another_record(sides):
    suite = sides[0].suite
    key = bytes(suite.key_bytes)
    sealed = suites.seal(suite, key, MESSAGE, label=b"record 1")
    assert suites.unseal(suite, key, sealed, label=b"record 1") == MESSAGE
    for label, value in ((b"record 2", sealed), (b"record 1", sealed[:-1] + bytes([sealed[-1] ^ 1])), (b"record 1", b"short")):
        with pytest.raises(SealBroken):
            suites.unseal(suite, key, value, label=label)


def test_the_same_field_is_sealed_differently_each_time():
    first, second = (suites.seal(Suite.SM, bytes(16), MESSAGE, label=b"") for _ in range(2))
    assert first != second


def test_digests_are_those_of_the_standards():
    assert suites.digest(Suite.SM, b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert suites.digest(Suite.INTERNATIONAL, b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_hmac_sm3_is_that_of_the_published_example():
    said = (
        "POST\n/exchange/v1/records\n\nAK-DEMO\n2026-11-23T22:00:00+08:00\n5f3c0a1e9b7d4c2a\n"
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0\n"
    )
    mac = suites.sign(Keys(Suite.SHARED, shared=b"SK-DEMO"), said.encode())
    assert mac.hex() == "c6468a57f76eb332b46f0d28324bc0ca41db9c48d07082e9864da43d7feb3831"


def test_keys_are_not_shown():
    said = repr(Keys(Suite.SM, b"private", b"public", b"theirs", b"common", former_shared=b"earlier"))
    assert not [word for word in ("private'", "common", "earlier") if word in said]


@openssl.needed
def test_openssl_agrees_with_our_sm2_signatures(tmp_path: Path):
    ours, theirs = two(Suite.SM)
    signature = suites.sign(ours, MESSAGE)
    assert openssl.is_signed(tmp_path, ours.own_public, MESSAGE, signature)
    assert not openssl.is_signed(tmp_path, ours.own_public, MESSAGE + b".", signature)
    assert not openssl.is_signed(tmp_path, theirs.own_public, MESSAGE, signature)


@openssl.needed
def test_openssl_signs_what_we_check(tmp_path: Path):
    partner = OpenSsl(tmp_path)
    assert suites.verify(Keys(Suite.SM, their_public=partner.public), MESSAGE, partner.sign(MESSAGE))
    assert not suites.verify(Keys(Suite.SM, their_public=partner.public), MESSAGE + b".", partner.sign(MESSAGE))


@openssl.needed
def test_openssl_opens_what_we_wrap_and_wraps_what_we_open(tmp_path: Path):
    partner, key = OpenSsl(tmp_path), bytes(range(16))
    ours, _theirs = two(Suite.SM)
    assert partner.decrypt(suites.wrap(replace(ours, their_public=partner.public), key)) == key
    assert suites.unwrap(ours, openssl.encrypted(tmp_path, ours.own_public, key)) == key


def test_a_key_that_is_none_is_refused_when_wrapping():
    with pytest.raises(ValueError, match="no SM2 key"):
        suites.wrap(Keys(Suite.SM, their_public=b"\x01" * 64), bytes(16))
    assert not suites.verify(Keys(Suite.SM, their_public=b""), MESSAGE, b"x")
