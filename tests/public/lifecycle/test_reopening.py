"""A closed enterprise comes back within its retention, by two operators, without the keys of other systems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.openapi import keys as api_keys
from apps.openapi.models import ApiKey, Hook
from apps.people.models import Manager
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.lifecycle import changes, closing, reopening, standing
from public.lifecycle.models import Closure, LifeChange
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site
from tests.conftest import NOON
from tests.public.lifecycle.ends import after, ask_reopen, closed, decide, planned, seated
from tests.public.lifecycle.ground import both_pass, desk, hand_in, owner, told

pytestmark = pytest.mark.req("S3")


@pytest.fixture
def jia(leaving: Site) -> Site:
    """What is sealed of it no other test leaves open."""
    return leaving


LATER = NOON + timedelta(days=200)


def row_of(site: Any) -> Enterprise:
    with platform_scope():
        found: Enterprise = Enterprise.objects.get(pk=site.id)
        return found


def refused(do: Any, code: str) -> None:
    with pytest.raises(DomainError) as refusal, platform_scope():
        do()
    assert refusal.value.code == code


def test_two_open_it_again_and_it_is_what_it_was(db, jia, django_capture_on_commit_callbacks):
    both_pass(hand_in(jia))
    closed(jia, at=NOON)
    change = ask_reopen(jia, at=LATER)
    assert row_of(jia).status == "CLOSED", "one alone opens nothing"
    with django_capture_on_commit_callbacks(execute=True):
        decide(change, at=LATER)
    row = row_of(jia)
    assert (row.status, row.subdomain, row.verified_at) == ("ACTIVE", jia.subdomain, None), "papers are looked at again"
    with platform_scope():
        assert Closure.objects.get(enterprise=row).reopened_at == LATER
    assert told(jia)[0] == "company.reopened", "its managers are told"
    assert owner(jia).check_password("Ke-kao-2026"), "logins keep their passwords"
    with platform_scope():
        told_of = list(AuditEvent.objects.filter(target=f"enterprise:{jia.uuid}", at=LATER).values_list("action", flat=True))
    assert set(told_of) >= {"enterprise.reopening_asked", "enterprise.reopening_approved", "enterprise.returned"}


def test_whoever_was_suspended_comes_back_suspended_and_may_be_closed_anew(db, jia, django_capture_on_commit_callbacks):
    with platform_scope():
        standing.suspend(enterprise_id=jia.id, cause="UNPAID", words="逾期未缴费", desk=desk())
    closed(jia, at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        decide(ask_reopen(jia, at=LATER), at=LATER)
    assert (row_of(jia).status, row_of(jia).status_reason) == ("SUSPENDED", "逾期未缴费")
    assert told(jia)[0] == "company.suspended", "nobody is told that they may study again"
    again = closed(jia, at=LATER + timedelta(days=1))
    with platform_scope():
        assert Closure.objects.filter(enterprise_id=jia.id).count() == 2
        assert again.kept_until > Closure.objects.filter(enterprise_id=jia.id).order_by("pk")[0].kept_until


def test_keys_and_hooks_of_before_work_no_more_and_the_page_says_so_ahead(db, jia):
    owner(jia)
    with enterprise_scope(jia):
        manager = Manager.objects.get(role="OWNER")
        order = api_keys.Order(name="人事系统", scopes=["learners:read"], days=366)
        api_keys.make(order=order, by=manager.pk, at=NOON)
        Hook.objects.create(
            name="门禁", url="https://example.com/h", kinds=["CERTIFICATE"], secret_sealed=b"x", by=manager, made_at=NOON
        )
    closed(jia, at=NOON)
    with platform_scope():
        said = {str(one.title): one.comes_back for one in reopening.returning(row_of(jia))}
    assert said["登录账号"]
    assert said["网址"]
    assert not said["接口密钥"]
    assert not said["推送地址"]
    assert not said["企业核验"]
    assert "服务期" in said
    decide(ask_reopen(jia, at=LATER), at=LATER)
    with enterprise_scope(jia):
        assert not api_keys.alive(at=LATER + timedelta(seconds=1)).exists()
        assert ApiKey.objects.count() == 1, "the row stays: who had which key is read later"
        assert list(Hook.objects.values_list("is_on", "off_reason")) == [(False, "reopened")]


def test_who_asked_does_not_decide_and_a_refusal_says_why(db, jia):
    closed(jia, at=NOON)
    change = ask_reopen(jia, at=LATER)
    refused(lambda: decide(change, at=LATER, login="first"), "own_change")
    refused(lambda: decide(change, at=LATER, approve=False), "words_missing")
    refused(lambda: ask_reopen(jia, at=LATER, login="second"), "change_open")
    refused(lambda: changes.withdraw(change=change, desk=seated("second", LATER)), "not_own")
    refused(
        lambda: reopening.ask(enterprise_id=jia.id, reason="负责人来电核对过", desk=desk("author", LATER, "AUTHOR")), "forbidden"
    )
    decide(change, at=LATER, approve=False, reason="身份没有核实清楚")
    refused(lambda: decide(change, at=LATER), "decided")
    assert row_of(jia).status == "CLOSED"
    with platform_scope():
        changes.withdraw(change=ask_reopen(jia, at=LATER), desk=seated("first", LATER))
    late = ask_reopen(jia, at=LATER)
    refused(lambda: decide(late, at=LATER + timedelta(days=8)), "change_lapsed")
    with platform_scope():
        assert changes.lapse(at=LATER + timedelta(days=8)) == 1
        assert changes.lapse(at=LATER + timedelta(days=8)) == 0
        states = LifeChange.objects.filter(enterprise_id=jia.id).order_by("pk").values_list("state", flat=True)
        assert list(states) == ["REFUSED", "WITHDRAWN", "LAPSED"]


def test_what_lapsed_because_somebody_asks_anew_is_in_the_log_too(db, jia):
    closed(jia, at=NOON)
    late = ask_reopen(jia, at=LATER)
    again = ask_reopen(jia, at=LATER + timedelta(days=8))
    with platform_scope():
        assert [LifeChange.objects.get(uuid=one).state for one in (late, again)] == ["LAPSED", "OPEN"]
        (told_of,) = AuditEvent.objects.filter(target=f"enterprise:{jia.uuid}", action="enterprise.reopening_lapsed")
    assert (told_of.actor, told_of.details["change"]) == ("system", str(late))


def test_only_what_is_closed_and_within_its_time(db, jia):
    refused(lambda: ask_reopen(jia, at=NOON), "not_closed")
    row = closed(jia)
    refused(lambda: ask_reopen(jia, at=after(row)), "retention_over")
    change = ask_reopen(jia, at=after(row, -1))
    refused(lambda: decide(change, at=after(row, 1)), "retention_over")
    with platform_scope():
        assert LifeChange.objects.get(uuid=change).state == "OPEN", "a refusal changes nothing"
        changes.withdraw(change=change, desk=seated("first", after(row, -1)))
    ask_reopen(jia, at=after(row, 0))
    assert row_of(jia).status == "CLOSED"


def test_nothing_comes_back_while_it_is_being_destroyed(db, jia):
    row = closed(jia)
    planned(jia, at=after(row))
    refused(lambda: ask_reopen(jia, at=after(row, -10)), "being_destroyed")


def test_the_database_wants_two(db, jia):
    closed(jia, at=NOON)
    change = ask_reopen(jia, at=LATER)
    with platform_scope():
        row = LifeChange.objects.get(uuid=change)
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        LifeChange.objects.filter(pk=row.pk).update(state="APPROVED", decided_by=row.asked_by, decided_at=LATER)
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        LifeChange.objects.filter(uuid=change).update(state="APPROVED")


@pytest.mark.parametrize("long", ["长" * 301, "长" * 5000])
def test_words_that_are_too_long_are_refused_never_cut(db, jia, long):
    with pytest.raises(DomainError) as refusal, platform_scope():
        closing.ask(enterprise_id=jia.id, reason=long, export=None, sha256="", by=desk())
    assert (refusal.value.code, refusal.value.status) == ("words_too_long", 422)
    assert f"{len(long)}" in str(refusal.value.message)
    assert row_of(jia).status == "ACTIVE"


def test_words_as_long_as_allowed_arrive_whole(db, jia):
    words = "因".join("搬" * 50 for _n in range(5)) + "因此不再使用"
    assert 200 < len(words) <= 300
    with platform_scope():
        closing.ask(enterprise_id=jia.id, reason=words, export=None, sha256="", by=desk())
    assert row_of(jia).status_reason == words, "people read the whole reason"
