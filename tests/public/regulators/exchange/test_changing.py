"""A partner's way and keys change later: nothing is lost, nothing comes twice, and there is no moment in which nobody gets through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.exchange.suites import Suite, make_pair
from public.audit.models import AuditEvent
from public.regulators.exchange import changing, partners, queueing
from public.regulators.exchange.changing import Change, TheirKeys
from public.regulators.exchange.models import Delivery, Parcel, Partner
from tests.public.regulators.exchange.ground import AT, FOUR, ME, joined, later, open_partner, pump, states, submit
from tests.public.regulators.exchange.test_serving import There

pytestmark = [pytest.mark.req("R7.2"), pytest.mark.req("R5.6")]


now = clock.now


def change(row: Partner, **more: Any) -> Partner:
    row.refresh_from_db()
    known = {name: getattr(row, name) for name in ("name", "kinds", "channel", "address", "parcel_size")}
    return changing.change_partner(uuid=row.uuid, change=Change(**{**known, **more}), me=ME, at=AT)


def test_a_kind_that_it_takes_later_comes_since_its_first_day_and_nothing_else_again(platform, jia):
    row = open_partner(kinds=["EXAM"])
    submit(jia, n=2)
    submit(jia, kind="EXAM")
    submit(jia, at=later(days=-1))
    queueing.enqueue()
    assert states(row) == {"WAITING": 1}
    row = change(row, kinds=["SESSION", "EXAM"])
    while queueing.look_back(row.pk, most=10**9):
        pass
    kinds = list(Delivery.objects.filter(partner=row).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["EXAM", "SESSION", "SESSION"]
    event = AuditEvent.objects.get(action="exchange.partner_changed")
    assert (event.details["before"]["kinds"], event.details["after"]["kinds"]) == (["EXAM"], ["EXAM", "SESSION"])


def test_what_one_channel_left_unanswered_goes_by_the_other(platform, jia):
    with joined("SOAP", there={"mood": "later"}) as (row, there):
        submit(jia, n=3)
        pump(row)
        assert states(row) == {"SENT": 3}
        there.mood = "well"
        change(row, channel="REST", address=f"http://127.0.0.1:{there.port}/exchange/v1")
        pump(row)
    assert (states(row), set(there.accepted.values()), len(there.messages)) == ({"ACCEPTED": 3}, {1}, 1)


def test_who_fetched_and_gave_no_receipt_gets_it_pushed_and_the_other_way_round(platform, jia):
    with joined(there={"mood": "down"}) as (row, there):
        submit(jia)
        pump(row)
        assert Parcel.objects.filter(partner=row, state="OPEN").count() == 1
        change(row, channel="PULL", address="")
        assert (states(row), Parcel.objects.filter(partner=row, state="OPEN").count()) == ({"WAITING": 1}, 0)
        Delivery.objects.filter(partner=row).update(state="SENT")  # fetched
        there.mood = "well"
        change(row, channel="REST", address=f"http://127.0.0.1:{there.port}/exchange/v1")
        pump(row)
    assert states(row) == {"ACCEPTED": 1}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kinds": []}, "bad_kinds"),
        ({"kinds": ["SALARY"]}, "bad_kinds"),
        ({"channel": "REST"}, "bad_address"),
        ({"channel": "REST", "address": "https://user:pw@exchange.example.gov.cn/"}, "bad_address"),
        ({"channel": "ZHEJIANG", "address": "https://exchange.example.gov.cn/"}, "bad_secret"),
    ],
)
def test_a_change_that_cannot_work_is_refused(platform, more, code):
    public, _private = make_pair(Suite.SM)
    row = open_partner(suite="SM2-SM3", their_public=public, secret="")
    with pytest.raises(DomainError) as refused:
        change(row, **more)
    row.refresh_from_db()
    assert (refused.value.code, row.kinds, row.channel, row.address) == (code, sorted(FOUR), "PULL", "")


def test_a_closed_partner_is_not_changed(platform):
    row = open_partner()
    partners.set_state(uuid=row.uuid, state="CLOSED", me=ME, at=AT)
    for call in (
        lambda: change(row, name="另一个"),
        lambda: changing.replace_their_keys(uuid=row.uuid, keys=TheirKeys(secret="s" * 16), me=ME, at=AT),
        lambda: changing.prepare_own_keys(uuid=row.uuid, me=ME, at=AT),
        lambda: changing.take_own_keys_up(uuid=row.uuid, me=ME, at=AT),
    ):
        with pytest.raises(DomainError) as refused:
            call()
        assert refused.value.code == "closed"
    row.refresh_from_db()
    assert row.name == "杭州市应急管理局监管平台"


@pytest.mark.parametrize("suite", list(Suite))
def test_the_others_old_key_counts_until_the_overlap_ends(platform, jia, suite):
    there = There(suite)
    submit(jia)
    queueing.enqueue()
    public, private = make_pair(suite) if suite is not Suite.SHARED else (b"", b"")
    secret = "another secret of 24 byte" if suite is Suite.SHARED else ""
    keys = TheirKeys(public, secret, timedelta(hours=24))
    changing.replace_their_keys(uuid=there.row.uuid, keys=keys, me=ME, at=now())
    assert there.ask("POST", "/records/pull", {"after": 0}).status_code == 200, "signed with the old key"
    new = replace(there.keys, own_public=public, own_private=private, shared=secret.encode())
    old, there.keys = there.keys, new
    parcel = there.ask("POST", "/records/pull", {"after": 0})
    assert parcel.status_code == 200, "and with the new one"
    Partner.objects.filter(pk=there.row.pk).update(former_until=now())
    there.keys = old
    assert there.ask("POST", "/records/pull", {"after": 0}).json()["code"] == "bad_signature"
    there.keys = new
    assert there.ask("POST", "/records/pull", {"after": 0}).status_code == 200


def test_a_key_that_leaked_counts_no_more_at_once(platform):
    there = There()
    public, _private = make_pair(Suite.SM)
    changing.replace_their_keys(uuid=there.row.uuid, keys=TheirKeys(public), me=ME, at=now())
    assert there.ask("POST", "/records/pull", {"after": 0}).json()["code"] == "bad_signature"


def test_what_is_on_its_way_is_sealed_for_the_new_key(platform, jia):
    with joined(suite=Suite.SM, there={"mood": "down"}) as (row, there):
        submit(jia, n=2)
        pump(row)
        there.public, there.private = make_pair(Suite.SM)
        changing.replace_their_keys(uuid=row.uuid, keys=TheirKeys(there.public), me=ME, at=AT)
        there.meets(bytes(row.own_public))
        there.mood = "well"
        pump(row)
    assert states(row) == {"ACCEPTED": 2}
    assert {found["name"] for found in there.opened.values()} == {"学*"}


def test_our_own_pair_takes_over_when_the_other_side_has_it(platform, jia):
    with joined(suite=Suite.SM) as (row, there):
        submit(jia)
        next_public = bytes(changing.prepare_own_keys(uuid=row.uuid, me=ME, at=AT).next_public)
        pump(row)
        assert states(row) == {"ACCEPTED": 1}, "nothing is signed with it yet"
        there.meets(next_public)
        changing.take_own_keys_up(uuid=row.uuid, me=ME, at=AT)
        submit(jia)
        pump(row)
    assert states(row) == {"ACCEPTED": 2}
    row.refresh_from_db()
    assert (bytes(row.next_public), bytes(row.next_private)) == (b"", b"")
    done = AuditEvent.objects.filter(target=f"partner:{row.uuid}", action__startswith="exchange.own_keys")
    assert set(done.values_list("action", flat=True)) == {"exchange.own_keys_prepared", "exchange.own_keys_taken_up"}


@pytest.mark.parametrize(
    ("suite", "keys", "code"),
    [
        (Suite.SM, TheirKeys(), "nothing_new"),
        (Suite.SM, TheirKeys(b"short"), "bad_public_key"),
        (Suite.SHARED, TheirKeys(), "nothing_new"),
        (Suite.SHARED, TheirKeys(secret="short"), "bad_secret"),
        (Suite.SHARED, TheirKeys(secret="s" * 20, overlap=timedelta(days=8)), "bad_overlap"),
        (Suite.SHARED, TheirKeys(secret="s" * 20, overlap=-timedelta(days=1)), "bad_overlap"),
    ],
)
def test_keys_that_are_none_are_refused(platform, suite, keys, code):
    public = make_pair(suite)[0] if suite is not Suite.SHARED else b""
    row = open_partner(suite=suite.value, their_public=public)
    with pytest.raises(DomainError) as refused:
        changing.replace_their_keys(uuid=row.uuid, keys=keys, me=ME, at=AT)
    before, secret = bytes(row.their_public), bytes(row.secret)
    row.refresh_from_db()
    assert (refused.value.code, bytes(row.their_public), bytes(row.secret)) == (code, before, secret)


def test_the_same_key_again_and_a_pair_of_a_shared_secret_are_refused(platform):
    public, _private = make_pair(Suite.SM)
    row, shared = open_partner(suite="SM2-SM3", their_public=public), open_partner(code="HZ-SHARED")
    for call, code in (
        (lambda: changing.replace_their_keys(uuid=row.uuid, keys=TheirKeys(public), me=ME, at=AT), "nothing_new"),
        (lambda: changing.take_own_keys_up(uuid=row.uuid, me=ME, at=AT), "not_prepared"),
        (lambda: changing.prepare_own_keys(uuid=shared.uuid, me=ME, at=AT), "no_pair"),
    ):
        with pytest.raises(DomainError) as refused:
            call()
        assert refused.value.code == code
    assert not AuditEvent.objects.filter(action__in=["exchange.keys_replaced", "exchange.own_keys_prepared"]).exists()
