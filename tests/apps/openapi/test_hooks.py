"""Hooks: what the ledger lays out, what is sent, what follows when nobody takes it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.openapi import tasks
from apps.openapi.examples import hook as example
from apps.openapi.hooks import addressing, delivering, desk, kinds, ringing, rules
from apps.openapi.hooks.ports import CARRIER
from apps.openapi.models import Hook, HookDelivery
from apps.people.models import Learner, Notice
from apps.records import api as records
from apps.records.models import LedgerEntry
from infra.adapters.hooks import HttpCarrier
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.hooks import api as listeners
from tenants.api import resolve
from tenants.opening import set_status
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.people.notify.conftest import plugged
from tests.apps.plans.ground import NOON, learner
from tests.infra.adapters.receiver import HERE, Receiver, receiver

from .ground import owner

State = HookDelivery.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def other(in_jia: Any) -> Iterator[Receiver]:
    """Another system on this machine, and a carrier that may reach it."""
    with receiver() as state, plugged(CARRIER, HttpCarrier(allowed=HERE, timeout_s=2)):
        yield state


def hook(url: str, *names: str, name: str = "人事系统") -> tuple[Hook, str]:
    order = addressing.Order(name=name, url=url, kinds=names or tuple(kinds.KINDS))
    return addressing.add(order=order, by=owner(), at=NOON)


def exam(view: Any) -> None:
    records.append_entry(kind="EXAM", subject=view.uuid, body={"event": "exam", "name": "学员甲", "score": 90}, at=NOON)


@pytest.mark.req("R7.3")
def test_the_ledger_lays_out_what_a_hook_wants_in_the_same_transaction(other):
    row, _secret = hook(other.url, "EXAM", "REGISTRATION")
    view = learner(1)
    exam(view)
    records.append_entry(kind="CONSENT", subject=view.uuid, body={"event": "chosen"}, at=NOON)
    laid = list(HookDelivery.objects.order_by("entry"))
    assert [(one.kind, one.subject, one.n, one.state) for one in laid] == [
        ("REGISTRATION", view.uuid, 1, "WAITING"), ("EXAM", view.uuid, 2, "WAITING"),
    ]  # fmt: skip
    assert [one.entry for one in laid] == list(
        LedgerEntry.objects.filter(kind__in=["EXAM", "REGISTRATION"]).order_by("pk").values_list("pk", flat=True)
    )
    assert {one.hook_id for one in laid} == {row.pk}


@pytest.mark.parametrize(("status", "told"), [("SUSPENDED", 1), ("CLOSED", 0)])
def test_a_suspended_enterprise_tells_on_and_a_closed_one_tells_nobody(other, in_jia, status, told):
    hook(other.url, "EXAM")
    exam(learner(1))
    with platform_scope():
        set_status(enterprise_id=in_jia.id, status=status, reason="逾期")
        site = resolve(in_jia.host)
    with enterprise_scope(site):
        assert tasks.send_hooks() == told
    assert len(other.got) == told


def test_a_hook_that_is_off_and_a_neighbours_hook_are_told_nothing(other, yi):
    row, _secret = hook(other.url)
    addressing.switch(hook=row.uuid, on=False, by=owner(), at=NOON)
    exam(learner(1))
    assert not HookDelivery.objects.exists()
    with enterprise_scope(yi):
        hook(other.url, name="邻居的系统")
    exam(learner(2))
    with enterprise_scope(yi):
        assert not HookDelivery.objects.exists()
        assert addressing.hooks().count() == 1


def test_sends_ids_signed_and_no_name(other):
    _row, secret = hook(other.url, "EXAM")
    view = learner(1)
    exam(view)
    assert (delivering.deliver(at=NOON), delivering.deliver(at=NOON)) == (1, 0)
    heads, body = other.got[0]
    one = HookDelivery.objects.get()
    assert example.verify(body, heads, secret, now=NOON.timestamp()) == str(one.uuid)
    told = json.loads(body)
    assert (told["type"], told["data"]["learner_id"], told["data"]["n"]) == ("exam.recorded", str(view.uuid), 2)
    assert "学员" not in body.decode()
    assert (one.state, one.status, one.sent_at, one.code) == (State.SENT, 204, NOON, "")


def test_other_systems_are_told_nothing_of_somebody_whose_data_are_only_kept(other):
    row, _secret = hook(other.url, "EXAM")
    shown, kept = learner(1), learner(2)
    Learner.objects.filter(pk=kept.id).update(restricted_at=NOON)
    for view in (shown, kept):
        exam(view)
    delivering.deliver(at=NOON)
    assert [json.loads(body)["data"]["learner_id"] for _heads, body in other.got] == [str(shown.uuid)]
    held = HookDelivery.objects.get(subject=kept.uuid)
    assert (held.state, held.code) == (State.GIVEN_UP, "withheld")
    row.refresh_from_db()
    assert row.failing_since is None, "it is no fault of the hook"
    Learner.objects.filter(pk=kept.id).update(restricted_at=None)
    assert desk.resend(uuids=[held.uuid], at=NOON) == 1
    delivering.deliver(at=NOON)
    assert len(other.got) == 2


def test_a_certificate_names_its_number(other):
    from tests.apps.plans.signed import finished

    hook(other.url, "CERTIFICATE")
    finished()
    delivering.deliver(at=NOON)
    told = json.loads(other.got[0][1])
    assert told["type"] == "certificate.issued"
    assert set(told["data"]) >= {"number", "certificate", "learner_id"}


def test_tries_again_later_and_sends_the_same_until_it_gives_up(other):
    row, _secret = hook(other.url, "EXAM")
    exam(learner(1))
    other.mood, at = "refused", NOON
    for n in range(len(rules.BACK_OFF) + 1):
        assert delivering.deliver(at=at) == 1, n
        one = HookDelivery.objects.get()
        assert (one.tries, one.code, one.status) == (n + 1, "refused", 500)
        assert delivering.deliver(at=at) == 0, "not before its time"
        at = one.next_at
    assert one.state == State.GIVEN_UP
    assert len({body for _heads, body in other.got}) == 1
    assert len({heads["webhook-id"] for heads, _body in other.got}) == 1
    row.refresh_from_db()
    assert row.failing_since == NOON
    other.mood = "well"
    assert desk.resend(uuids=[one.uuid], at=at) == 1
    delivering.deliver(at=at)
    row.refresh_from_db()
    assert (HookDelivery.objects.get().state, row.failing_since) == (State.SENT, None)


def test_waits_as_long_as_it_is_asked_to(other):
    hook(other.url, "EXAM")
    exam(learner(1))
    other.mood = "busy"
    delivering.deliver(at=NOON)
    assert HookDelivery.objects.get().next_at == NOON + timedelta(seconds=900)


def test_a_hook_that_is_gone_is_switched_off_at_once_and_managers_are_told(other):
    row, _secret = hook(other.url, "EXAM")
    exam(learner(1))
    exam(learner(2))
    other.mood = "gone"
    delivering.deliver(at=NOON)
    row.refresh_from_db()
    assert (row.is_on, row.off_reason) == (False, "gone")
    assert set(HookDelivery.objects.values_list("state", flat=True)) <= {State.GIVEN_UP, State.FAILED}
    assert Notice.objects.filter(kind="openapi.hook_stopped", manager_id=owner()).count() == 1
    assert delivering.deliver(at=NOON + timedelta(days=1)) == 0


def test_a_hook_that_takes_nothing_for_days_is_switched_off(other):
    row, _secret = hook(other.url, "EXAM")
    other.mood = "refused"
    exam(learner(1))
    delivering.deliver(at=NOON)
    exam(learner(2))
    delivering.deliver(at=NOON + rules.STOP_AFTER)
    row.refresh_from_db()
    assert (row.is_on, row.off_reason) == (False, "failing")
    assert Notice.objects.filter(kind="openapi.hook_stopped").count() == 1


@pytest.mark.req("R5.4")
def test_the_log_says_from_where_to_where_and_no_secret_of_the_address(other):
    row, _secret = hook(f"{other.url}?token=geheim", "EXAM")
    order = addressing.Order(name="人事系统", url="https://hr.example.com/in?token=geheim", kinds=["EXAM", "CERTIFICATE"])
    addressing.change(hook=row.uuid, order=order, by=owner(), at=NOON)
    added, changed = (AuditEvent.objects.get(action=f"openapi.hook_{what}") for what in ("added", "changed"))
    assert added.details == {"after": {"host": f"127.0.0.1:{other.port}", "kinds": ["EXAM"]}}
    assert changed.details["before"] == {"host": f"127.0.0.1:{other.port}", "kinds": ["EXAM"]}
    assert changed.details["after"] == {"host": "hr.example.com", "kinds": ["EXAM", "CERTIFICATE"]}


def test_a_new_address_is_not_switched_off_for_what_the_former_did_not_take(other):
    row, _secret = hook("http://127.0.0.1:1024/", "EXAM")
    exam(learner(1))
    delivering.deliver(at=NOON)
    order = addressing.Order(name="人事系统", url=other.url, kinds=["EXAM"])
    addressing.change(hook=row.uuid, order=order, by=owner(), at=NOON + rules.STOP_AFTER)
    other.mood = "refused"
    exam(learner(2))
    delivering.deliver(at=NOON + rules.STOP_AFTER)
    row.refresh_from_db()
    assert (row.is_on, row.failing_since) == (True, NOON + rules.STOP_AFTER)


def test_a_hook_that_fails_does_not_hold_the_others_back(other):
    hook("http://127.0.0.1:1024/", "EXAM", name="关机的系统")
    hook(other.url, "EXAM")
    for n in range(3):
        exam(learner(n))
    assert delivering.deliver(at=NOON) == 4, "the dead one once, the other three times"
    assert len(other.got) == 3


def test_a_hook_that_is_down_is_not_hammered_and_one_bad_message_holds_no_other_back(other):
    hook("http://127.0.0.1:1024/", "EXAM", name="关机的系统")
    for n in range(5):
        exam(learner(n))
    assert [delivering.deliver(at=NOON), delivering.deliver(at=NOON)] == [1, 0]
    assert delivering.deliver(at=NOON + MINUTE) == 1
    assert delivering.deliver(at=NOON + timedelta(hours=3)) == 1
    Hook.objects.all().update(is_on=False)
    HookDelivery.objects.all().delete()
    hook(other.url, "EXAM")
    other.mood = "refused"
    for n in range(5, 8):
        exam(learner(n))
    assert delivering.deliver(at=NOON) == 3


def test_a_worker_that_died_gives_its_delivery_back_and_one_that_came_late_changes_nothing(other):
    hook(other.url, "EXAM")
    exam(learner(1))
    lost = delivering.claim(at=NOON)
    assert lost is not None
    assert delivering.claim(at=NOON + MINUTE) is None
    again = delivering.claim(at=NOON + rules.LEASE)
    assert again is not None
    assert again.tries == 2
    delivering.settle(lost, delivering._Said("", 200, 5), at=NOON + rules.LEASE)
    assert HookDelivery.objects.get().state == State.SENDING


def test_both_secrets_sign_for_a_day(other):
    row, old = hook(other.url, "EXAM")
    _row, new = addressing.renew_secret(hook=row.uuid, by=owner(), at=NOON)
    exam(learner(1))
    delivering.deliver(at=NOON + MINUTE)
    heads, body = other.got[0]
    for secret in (old, new):
        assert example.verify(body, heads, secret, now=(NOON + MINUTE).timestamp())
    exam(learner(2))
    delivering.deliver(at=NOON + rules.OVERLAP)
    heads, body = other.got[1]
    with pytest.raises(example.Forged):
        example.verify(body, heads, old, now=(NOON + rules.OVERLAP).timestamp())


def test_a_trial_is_sent_and_names_nothing(other):
    row, _secret = hook(other.url, "EXAM")
    addressing.trial(hook=row.uuid, by=owner(), at=NOON)
    delivering.deliver(at=NOON)
    assert json.loads(other.got[0][1])["type"] == "trial"
    addressing.switch(hook=row.uuid, on=False, by=owner(), at=NOON)
    with pytest.raises(DomainError, match="hook_off"):
        addressing.trial(hook=row.uuid, by=owner(), at=NOON)
    assert HookDelivery.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "hook_name"),
        ({"url": ""}, "hook_url"),
        ({"url": "http://example.com/"}, "hook_url"),
        ({"url": "https://10.0.0.1/"}, "hook_url"),
        ({"url": "https://example.com/" + "a" * 300}, "hook_url"),
        ({"kinds": ()}, "hook_kinds"),
        ({"kinds": ("CONSENT",)}, "hook_kinds"),
    ],
)
def test_refuses_what_no_hook_can_be_and_adds_none(in_jia, change, code):
    said: dict[str, Any] = {"name": "人事系统", "url": "https://example.com/", "kinds": ("EXAM",), **change}
    with plugged(CARRIER, HttpCarrier()), pytest.raises(DomainError, match=code):
        addressing.add(order=addressing.Order(**said), by=owner(), at=NOON)
    assert not Hook.objects.exists()


def test_there_are_ten_hooks_at_most(other):
    made = [hook(other.url, name=f"系统 {n}")[0] for n in range(addressing.MOST)]
    with pytest.raises(DomainError, match="too_many"):
        hook(other.url)
    assert Hook.objects.count() == addressing.MOST
    addressing.switch(hook=made[0].uuid, on=False, by=owner(), at=NOON)
    hook(other.url)
    with pytest.raises(DomainError, match="too_many"):
        addressing.switch(hook=made[0].uuid, on=True, by=owner(), at=NOON)


def test_secrets_are_sealed_and_nothing_of_them_is_logged(other, caplog):
    caplog.set_level(logging.DEBUG)
    row, secret = hook(other.url, "EXAM")
    exam(learner(1))
    other.mood = "refused"
    delivering.deliver(at=NOON)
    row.refresh_from_db()
    assert secret.encode() not in bytes(row.secret_sealed)
    assert secret not in caplog.text
    assert "hook not told: exam.recorded refused" in caplog.text
    assert str(other.port) not in caplog.text


def test_the_log_is_kept_for_half_a_year(other):
    hook(other.url, "EXAM")
    exam(learner(1))
    HookDelivery.objects.update(at=NOON)
    assert desk.forget_old(at=NOON + rules.KEPT) == 0
    assert desk.forget_old(at=NOON + rules.KEPT + MINUTE) == 1


def test_the_bell_is_rung_only_where_hooks_are(other):
    ringing._known.clear()
    ringing.ring_where_hooks_are()
    hook(other.url, "EXAM")
    ringing.ring_where_hooks_are()
    assert cache.get("openapi:ring:soon") is None, "believed for a minute; the schedule finds it"
    ringing._known.clear()
    ringing.ring_where_hooks_are()
    assert cache.get("openapi:ring:soon") == 1
    ringing._known.clear()


def test_the_schedule_opens_only_enterprises_that_have_hooks(other, in_jia, yi):
    assert listeners_now() == set()
    row, _secret = hook(other.url, "EXAM")
    hook(other.url, "EXAM", name="门禁系统")
    addressing.switch(hook=row.uuid, on=False, by=owner(), at=NOON)
    assert listeners_now() == {in_jia.schema_name}, "also of hooks that are off: what was being sent then is looked after"
    with enterprise_scope(yi):
        assert listeners.listeners() == set(), "an enterprise sees its own row alone"
    learner(1)
    assert revived() == (0, 1), "nothing is due"
    exam(learner(2))
    assert revived() == (1, 1)


def listeners_now() -> set[str]:
    with platform_scope():
        return listeners.listeners()


def revived() -> tuple[int, int]:
    """How many enterprises the schedule rang in, and how many schemas it opened for that."""
    with platform_scope(), CaptureQueriesContext(connection) as seen:
        rung = tasks.revive_hooks()
    return rung, sum("openapi_delivery" in query["sql"] for query in seen)
