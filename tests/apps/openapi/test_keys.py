"""Keys: made, shown once, kept as a fingerprint, ended; whom an operation lets in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.openapi import keys, reminding
from apps.openapi.interface import document
from apps.openapi.models import ApiKey
from apps.openapi.scopes import Scope
from apps.people.models import Notice
from infra.kit import clock
from infra.kit.errors import DomainError
from infra.wiring import demo_interface
from infra.wiring.demo_accounts import OPEN_KEY
from public.audit import api as audit
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.infra.wiring.permission_ground import operations

from .ground import ALL, Caller, owner, token

OPERATIONS = operations()


def test_every_operation_asks_for_a_key_and_every_scope_opens_something():
    assert len(OPERATIONS) >= 16
    assert {one.scope for one in OPERATIONS if one.scope} == set(Scope)
    assert [one.path for one in OPERATIONS if one.scope is None] == ["/key"]
    writing = {one.scope for one in OPERATIONS if one.method != "GET" and not one.path.endswith("/search")}
    assert writing == {Scope.LEARNERS_WRITE, Scope.PLANS_WRITE}


@pytest.mark.req("R7.3")
def test_a_refusal_of_a_key_says_why_and_how_keys_are_sent(in_jia, yi):
    own, lacking = token(["plans:read"]), token(["statistics:read"])
    with enterprise_scope(yi):
        foreign = token(name="邻居的系统")
    for key in ("", "axk_nothing", foreign, f"{own}x"):
        told = Caller(in_jia, key).get("/plans")
        assert (told.status, told.code) == (401, "key_missing"), key
        assert told.headers["Content-Type"] == "application/problem+json"
        assert told.headers["WWW-Authenticate"].startswith("Bearer ")
    told = Caller(in_jia, lacking).get("/plans")
    assert (told.status, told.code, told.body["scope"]) == (403, "scope_missing", "plans:read")
    assert Caller(in_jia, own).get("/plans").status == 200


@pytest.mark.req("R5.4")
def test_a_key_that_is_turned_away_is_in_the_log_and_a_flood_of_it_is_not(in_jia):
    lacking, own = token(["statistics:read"]), token(["plans:read"])
    ApiKey.objects.filter(prefix=own.split("_")[1]).update(expires_at=clock.now())
    for _ in range(35):
        Caller(in_jia, lacking).get("/plans")
    Caller(in_jia, own).get("/plans")
    told = AuditEvent.objects.filter(action="access.refused", result="REFUSED")
    found = [(one.actor, one.details["why"]) for one in told]
    assert found.count((f"key:{lacking.split('_')[1]}", "scope_missing")) == 30
    assert found.count((f"key:{own.split('_')[1]}", "key_expired")) == 1
    assert own not in str([one.details for one in told])


def test_a_session_of_the_console_opens_nothing(in_jia):
    from tests.apps.plans import ground

    told = ground.manager_browser(in_jia).get("/api/v1/learners")
    assert told.status_code == 401


def test_the_demos_key_is_the_one_that_it_names(in_jia):
    owner()
    demo_interface.add_key(at=clock.now())
    told = Caller(in_jia, OPEN_KEY).get("/key").body
    assert (told["prefix"], told["scopes"]) == ("demo2026", sorted(ALL))


def test_only_the_fingerprint_is_kept_and_the_log_shows_no_secret(in_jia):
    secret = token()
    row = ApiKey.objects.get()
    assert bytes(row.digest) == keys.digest(secret)
    kept = json.dumps([str(value) for value in ApiKey.objects.values_list().get()])
    assert secret.split("_", 2)[2] not in kept
    happened = audit.history(f"key:{row.prefix}")[0]
    assert happened.action == "openapi.key_made"
    assert secret not in json.dumps(happened.details)


def test_an_ended_key_says_how_it_ended(in_jia):
    secret = token(days=1)
    caller = Caller(in_jia, secret)
    assert caller.get("/key").body["scopes"] == sorted(ALL)
    row = ApiKey.objects.get()
    assert row.used_at is not None
    ApiKey.objects.update(made_at=NOON - timedelta(days=40), expires_at=NOON - timedelta(days=10))
    assert (caller.get("/key").status, caller.get("/key").code) == (401, "key_expired")
    keys.revoke(key=row.uuid, by=owner(), at=NOON)
    keys.revoke(key=row.uuid, by=owner(), at=NOON + timedelta(days=1))
    row.refresh_from_db()
    assert row.revoked_at == NOON
    assert caller.get("/key").code == "key_revoked"


def test_a_key_of_an_address_is_of_no_use_elsewhere(in_jia):
    secret = token(networks=["203.0.113.0/24"])
    assert Caller(in_jia, secret, REMOTE_ADDR="203.0.113.77").get("/key").status == 200
    told = Caller(in_jia, secret, REMOTE_ADDR="198.51.100.1").get("/key")
    assert (told.status, told.code) == (403, "key_network")
    assert Caller(in_jia, secret, REMOTE_ADDR="::ffff:203.0.113.77").get("/key").status == 200, "IPv4 on a socket for both"


def test_use_is_noted_once_a_minute(in_jia):
    secret, at = token(), clock.now()
    for seconds in (0, 30, 90):
        keys.find(secret, ip="198.51.100.1", at=at + timedelta(seconds=seconds))
        expected = at if seconds < 60 else at + timedelta(seconds=90)
        assert ApiKey.objects.get().used_at == expected


def test_too_many_requests_wait_and_wrong_keys_are_counted(in_jia):
    caller = Caller(in_jia, token())
    ApiKey.objects.update(per_minute=2)
    assert [caller.get("/key").status for _ in range(3)] == [200, 200, 429]
    told = caller.get("/key")
    assert (told.code, int(told.headers["Retry-After"]) > 0) == ("too_many", True)
    guesses = [Caller(in_jia, f"axk_{n}", REMOTE_ADDR="198.51.100.9").get("/key").status for n in range(61)]
    assert set(guesses[:60]) == {401}
    assert guesses[60] == 429


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "  "}, "key_name"),
        ({"scopes": []}, "key_scopes"),
        ({"scopes": ["everything"]}, "key_scopes"),
        ({"days": 0}, "key_days"),
        ({"days": 400}, "key_days"),
        ({"per_minute": 7}, "key_rate"),
        ({"networks": ["nowhere"]}, "key_networks"),
    ],
)
def test_refuses_what_no_key_may_be_and_makes_none(in_jia, change, code):
    said: dict[str, Any] = {"name": "人事系统", "scopes": ["plans:read"], "days": 30, **change}
    with pytest.raises(DomainError, match=code):
        keys.make(order=keys.Order(**said), by=owner(), at=NOON)
    assert not ApiKey.objects.exists()


def test_the_database_keeps_no_key_without_scope_or_end(in_jia):
    token()
    for wrong in ({"scopes": []}, {"expires_at": NOON - timedelta(days=9000)}, {"revoked_at": NOON}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiKey.objects.update(**wrong)


def test_reminds_once_of_a_key_that_ends_soon(in_jia):
    token(days=30)
    assert reminding.remind(at=clock.now()) == 0
    later = clock.now() + timedelta(days=20)
    assert (reminding.remind(at=later), reminding.remind(at=later)) == (1, 1)
    assert Notice.objects.filter(kind="openapi.key_ends").count() == 1


def test_the_document_names_scope_and_refusals_of_every_operation(in_jia):
    told = json.loads(json.dumps(document(server="https://jia.example/api/v1")))
    assert told["openapi"].startswith("3.1")
    names = [one["operationId"] for methods in told["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names) == len(OPERATIONS)
    for methods in told["paths"].values():
        for one in methods.values():
            assert {"400", "401", "403", "422", "429", "503"} <= set(one["responses"])
            assert one["security"] == [{"KeyAuth": [one["x-scope"]] if one["x-scope"] else []}]
    assert "Problem" in told["components"]["schemas"]
    page = Caller(in_jia).get("/openapi.json")
    assert page.status == 200
    assert page.body["servers"] == [{"url": f"http://{in_jia.host}/api/v1"}]


def test_an_address_that_is_none_answers_a_problem(in_jia):
    for path in ("/nothing", "/learners/x/y/z", "/"):
        told = Caller(in_jia, token()).get(path)
        assert (told.status, told.code) == (404, "no_such_operation"), path
    strict = Client(HTTP_HOST=in_jia.host, enforce_csrf_checks=True)
    assert strict.post("/api/v1/nothing", "{}", content_type="application/json").json()["code"] == "no_such_operation"


def test_a_method_that_an_address_does_not_know_is_refused_as_a_problem(in_jia):
    told = Caller(in_jia, token()).ask("DELETE", "/learners")
    assert (told.status, told.code, told.headers["Content-Type"]) == (405, "method_not_allowed", "application/problem+json")
    assert set(told.headers["Allow"].split(", ")) == {"GET", "POST"}
    strict = Client(HTTP_HOST=in_jia.host, enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token()}"})
    assert strict.post("/api/v1/learners", "{}", content_type="application/json").json()["code"] == "invalid"
