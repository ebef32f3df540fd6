"""Signed requests: what fits, what is late, what was altered, and Zhejiang's own gateway."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infra.kit.exchange import stamps, zhejiang
from infra.kit.exchange.stamps import Refused
from infra.kit.exchange.suites import Suite
from tests.infra.kit.exchange.test_suites import two

pytestmark = pytest.mark.req("R5.6")
AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
REQUEST = {"method": "POST", "path": "/api/exchange/v1/receipts", "query": "b=2&a=1", "body": b'{"a":1}'}


@pytest.fixture(params=list(Suite))
def signed(request):
    ours, theirs = two(request.param)
    return theirs, stamps.stamp(ours, **REQUEST, key="ax-0123", nonce="n" * 24, at=AT)


def test_a_signed_request_passes(signed):
    keys, stamp = signed
    stamps.check(keys, stamps.read(stamp.headers()), **REQUEST, at=AT + timedelta(seconds=299))
    stamps.check(keys, stamp, **{**REQUEST, "query": "a=1&b=2"}, at=AT)


@pytest.mark.parametrize(
    "change",
    [{"method": "PUT"}, {"path": "/api/exchange/v1/records/pull"}, {"query": "a=1&b=3"}, {"body": b'{"a":2}'}, {"body": b""}],
)
def test_an_altered_request_is_refused(signed, change):
    keys, stamp = signed
    with pytest.raises(Refused, match="bad_signature"):
        stamps.check(keys, stamp, **{**REQUEST, **change}, at=AT)


@pytest.mark.parametrize("part", ["key", "nonce"])
def test_an_altered_stamp_is_refused(signed, part):
    keys, stamp = signed
    with pytest.raises(Refused, match="bad_signature"):
        stamps.check(keys, replace(stamp, **{part: "x" * 24}), **REQUEST, at=AT)


def test_a_stamp_of_another_suite_is_refused(signed):
    keys, stamp = signed
    other = "Ed25519" if stamp.sign_type != "Ed25519" else "SM2-SM3"
    with pytest.raises(Refused, match="bad_signature"):
        stamps.check(keys, replace(stamp, sign_type=other), **REQUEST, at=AT)


@pytest.mark.parametrize("off", [timedelta(seconds=301), -timedelta(seconds=301), timedelta(days=3650)])
def test_what_is_too_old_or_too_new_is_refused(signed, off):
    keys, stamp = signed
    with pytest.raises(Refused, match="clock_skew"):
        stamps.check(keys, stamp, **REQUEST, at=AT + off)


@pytest.mark.parametrize("when", ["", "yesterday", "2026-11-23T22:00:00", "2026-13-01T00:00:00+08:00", "1764000000"])
def test_a_time_without_its_offset_is_none(signed, when):
    keys, stamp = signed
    with pytest.raises(Refused, match="clock_skew"):
        stamps.check(keys, replace(stamp, timestamp=when), **REQUEST, at=AT)


@pytest.mark.parametrize(
    "change",
    [{"key": ""}, {"key": "a b c d"}, {"nonce": "short"}, {"nonce": "n" * 65}, {"nonce": "换" * 20}, {"sign_type": "none"},
     {"signature": ""}, {"signature": "x" * 401}],
)  # fmt: skip
def test_a_stamp_of_a_wrong_shape_is_none(signed, change):
    with pytest.raises(Refused, match="stamp_missing"):
        stamps.read(replace(signed[1], **change).headers())


def test_a_signature_that_is_no_base64_does_not_fit(signed):
    keys, stamp = signed
    with pytest.raises(Refused, match="bad_signature"):
        stamps.check(keys, replace(stamp, signature="!!!!"), **REQUEST, at=AT)


@pytest.mark.req("R7.4")
def test_zhejiangs_gateway_signs_as_it_was_observed():
    said = zhejiang.signature(
        method="POST",
        path="/restapi/prod/IC33000020211105003270/post",
        query="test=123&v=123",
        key="test",
        secret="tet",
        date="Tue, 09 Nov 2021 08:49:20 GMT",
    )
    assert said == "KJJG0L/1ilAOrfHxAsJR67f6oVm38fwREEp9hFnAcis="
    assert zhejiang.http_date(datetime(2021, 11, 9, 8, 49, 20, tzinfo=UTC)) == "Tue, 09 Nov 2021 08:49:20 GMT"
