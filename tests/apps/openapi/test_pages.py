"""The manager's pages: keys shown once, hooks, the log; who may open what; nothing of a neighbour."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.openapi.hooks import addressing, delivering, kinds
from apps.openapi.hooks.ports import CARRIER
from apps.openapi.models import ApiKey, Hook, HookDelivery
from apps.openapi.views import deliveries
from apps.openapi.views.reference import EXAMPLES
from apps.people import managing
from apps.people.models import Manager
from infra.adapters.hooks import HttpCarrier
from tenants.scope import enterprise_scope
from tests.apps.people.notify.conftest import plugged
from tests.apps.plans.ground import NOON, browser, learner, manager_browser
from tests.infra.adapters.receiver import HERE, receiver

from .ground import Caller, owner, token

HOME = "/console/interfaces"
KEY = {"name": "人事系统", "scopes": ["learners:read"], "days": "90", "per_minute": "300", "networks": ""}
HOOK = {"name": "人事系统", "url": "https://hooks.example.com/anxue", "kinds": ["EXAM", "CERTIFICATE"]}


@pytest.fixture
def desk(in_jia: Any) -> Any:
    """The owner's browser."""
    owner()
    return manager_browser(in_jia)


@pytest.fixture
def auditor(in_jia: Any) -> Any:
    """A browser of an auditor, who reads and changes nothing."""
    row = managing.invite(name="审计员", mobile="13900000022", role=Manager.Role.AUDITOR, unit_id=None, by=owner(), at=NOON)
    return browser(in_jia, row.credential)


def words(page: Any) -> str:
    assert page.status_code == 200, page.content.decode()[:400]
    return page.content.decode()


def a_hook(name: str = "人事系统", url: str = HOOK["url"]) -> Hook:
    return addressing.add(order=addressing.Order(name=name, url=url, kinds=tuple(kinds.KINDS)), by=owner(), at=NOON)[0]


def test_a_key_is_shown_once_and_works(desk, in_jia):
    assert "还没有接口密钥" in words(desk.get(HOME))
    made = desk.post(f"{HOME}/keys/new", KEY)
    secret = re.search(r'id="api-key" value="(axk_[^"]+)"', words(made))[1]
    assert made["Cache-Control"] == "no-store"
    assert Caller(in_jia, secret).get("/learners").status == 200
    row = ApiKey.objects.get()
    for page in (HOME, f"{HOME}/keys/{row.uuid}", f"{HOME}?export=xlsx"):
        assert secret.encode() not in desk.get(page).content
    assert "人事系统" in words(desk.get(HOME))
    assert "人事系统" not in words(desk.get(f"{HOME}?q=门禁"))
    assert f"axk_{row.prefix}" in words(desk.get(f"{HOME}?q=axk_{row.prefix}&state=ALIVE"))


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(desk):
    page = desk.post(f"{HOME}/keys/new", {**KEY, "networks": "hello"})
    assert page.status_code == 422
    assert "“hello”不是 IP 地址或网段" in page.content.decode()
    assert "人事系统" in page.content.decode()
    assert desk.post(f"{HOME}/keys/new", {**KEY, "scopes": []}).status_code == 422
    assert not ApiKey.objects.exists()
    page = desk.post(f"{HOME}/hooks/new", {**HOOK, "url": "http://hooks.example.com/"})
    assert page.status_code == 422
    assert "https://" in page.content.decode()
    assert not Hook.objects.exists()


def test_a_key_is_revoked_on_its_page(desk, in_jia):
    secret = token()
    row = ApiKey.objects.get()
    assert "停用密钥" in words(desk.get(f"{HOME}/keys/{row.uuid}"))
    assert desk.post(f"{HOME}/keys/{row.uuid}/revoke").status_code == 302
    assert Caller(in_jia, secret).get("/key").code == "key_revoked"
    assert "停用密钥" not in words(desk.get(f"{HOME}/keys/{row.uuid}"))
    assert "已停用" in words(desk.get(f"{HOME}?state=ENDED"))


def test_a_hook_is_added_tried_changed_and_switched_off(desk):
    with receiver() as other, plugged(CARRIER, HttpCarrier(allowed=HERE)):
        made = desk.post(f"{HOME}/hooks/new", {**HOOK, "url": other.url})
        secret = re.search(r'id="hook-secret" value="(whsec_[^"]+)"', words(made))[1]
        row = Hook.objects.get()
        here = f"{HOME}/hooks/{row.uuid}"
        assert secret not in words(desk.get(here))
        desk.post(f"{here}/trial")
        delivering.deliver(at=HookDelivery.objects.get().at)
        assert "已送达" in words(desk.get(here))
        assert desk.post(here, {**HOOK, "url": other.url, "kinds": ["EXAM"]}).status_code == 302
        assert Hook.objects.get().kinds == ["EXAM"]
        renewed = re.search(r'value="(whsec_[^"]+)"', words(desk.post(f"{here}/secret")))[1]
        assert renewed != secret
        desk.post(f"{here}/switch", {"on": "0"})
        assert not Hook.objects.get().is_on
        desk.post(f"{here}/switch", {"on": "1"})
        assert Hook.objects.get().is_on


def test_the_log_is_filtered_exported_and_sent_again(desk, monkeypatch):
    row = a_hook()
    for n in range(3):
        learner(n)
    first = HookDelivery.objects.order_by("pk").first()
    HookDelivery.objects.filter(pk=first.pk).update(state="GIVEN_UP", code="refused", status=500)
    page = words(desk.get(f"{HOME}/deliveries?state=GIVEN_UP"))
    assert ("对方没有接受" in page, page.count("learner.registered")) == (True, 1)
    assert str(first.uuid) in words(desk.get(f"{HOME}/deliveries?q={first.uuid}"))
    assert "没有符合条件的记录" in words(desk.get(f"{HOME}/deliveries?q=nonsense"))
    assert words(desk.get(f"{HOME}/deliveries?hook={row.uuid}")).count("learner.registered") == 3
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(desk.get(f"{HOME}/deliveries?export=xlsx").content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == 4
    monkeypatch.setattr(deliveries, "MOST_IN_SHEET", 2)
    answer = desk.get(f"{HOME}/deliveries?export=xlsx")
    assert (answer.status_code, "一次导不完" in answer.content.decode()) == (422, True)
    one = words(desk.get(f"{HOME}/deliveries/{first.uuid}"))
    assert "learner.registered" in one
    assert "学员甲" not in one
    desk.post(f"{HOME}/deliveries/resend", {"ids": [str(first.uuid), "nonsense"]})
    first.refresh_from_db()
    assert (first.state, first.tries, first.code) == ("WAITING", 0, "")


def test_the_reference_names_every_operation_and_event(desk):
    page = words(desk.get(f"{HOME}/reference"))
    for said in ("/learners/{learner}", "/records", "certificate.issued", "Idempotency-Key", "openapi.json"):
        assert said in page


def test_the_examples_are_there_to_take_along_and_nothing_beside_them(desk):
    for name in EXAMPLES:
        given = desk.get(f"{HOME}/examples/{name}")
        assert (given.status_code, given["Content-Disposition"]) == (200, f'attachment; filename="{name}"')
    for name in ("__init__.py", "..%2Fkeys.py", "nothing"):
        assert desk.get(f"{HOME}/examples/{name}").status_code == 404


def test_an_auditor_reads_and_changes_nothing(auditor, in_jia):
    token()
    row, key = a_hook(), ApiKey.objects.get()
    for path in ("", "/hooks", "/deliveries", "/reference", f"/keys/{key.uuid}", f"/hooks/{row.uuid}"):
        page = words(auditor.get(f"{HOME}{path}"))
        assert [
            said
            for said in ("/revoke", "/switch", "/secret", "/trial", "keys/new", "hooks/new", "data-bulk-item")
            if said in page
        ] == []
    for path in ("/keys/new", f"/keys/{key.uuid}/revoke", f"/hooks/{row.uuid}", f"/hooks/{row.uuid}/switch"):
        assert auditor.post(f"{HOME}{path}", {**KEY, **HOOK}).status_code == 403
    key.refresh_from_db()
    row.refresh_from_db()
    assert (key.revoked_at, row.is_on, ApiKey.objects.count()) == (None, True, 1)


def test_the_neighbour_sees_nothing(in_jia, yi):
    token()
    row, key = a_hook(), ApiKey.objects.get()
    learner(1)
    sent = HookDelivery.objects.get()
    with enterprise_scope(yi):
        owner()
    next_door = manager_browser(yi)
    for path in ("", "/hooks", "/deliveries"):
        assert "人事系统" not in words(next_door.get(f"{HOME}{path}"))
    for path in (f"/keys/{key.uuid}", f"/hooks/{row.uuid}", f"/deliveries/{sent.uuid}"):
        assert next_door.get(f"{HOME}{path}").status_code == 404
    assert next_door.post(f"{HOME}/keys/{key.uuid}/revoke").status_code == 404
    assert next_door.post(f"{HOME}/hooks/{row.uuid}/switch", {"on": "0"}).status_code == 404
    next_door.post(f"{HOME}/deliveries/resend", {"ids": [str(sent.uuid)]})
    key.refresh_from_db()
    row.refresh_from_db()
    assert (key.revoked_at, row.is_on) == (None, True)


def test_lists_cost_the_same_however_long_they_are(desk):
    def counted(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            words(desk.get(f"{HOME}{path}"))
        return len(seen)

    token()
    a_hook()
    learner(0)
    for path in ("", "/hooks", "/deliveries"):
        counted(path)
    before = {path: counted(path) for path in ("", "/hooks", "/deliveries")}
    for n in range(1, 6):
        token(name=f"系统 {n}")
        a_hook(name=f"系统 {n}")
        learner(n)
    assert {path: counted(path) for path in before} == before
