"""A passkey is a second step that nobody can copy, replay or lure away to another address."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from public.audit.models import AuditEvent
from public.operators.models import Passkey
from tests.public.desk import HOST, PASSWORD, inside, now_code, operator
from tests.public.operators.authenticator import Authenticator

pytestmark = pytest.mark.req("R5.7")
ORIGIN = f"http://{HOST}"


@pytest.fixture
def key(platform: None) -> Authenticator:
    return Authenticator(ORIGIN, "anxue.localhost")


@pytest.fixture
def owner(key: Authenticator) -> int:
    me = operator("OPERATIONS")
    assert add(inside(me), key).status_code == 200
    return me


def post(browser: Client, path: str, body: str = "{}", **headers: str) -> Any:
    return browser.post(path, body, content_type="application/json", headers=headers)


def add(browser: Client, key: Authenticator, name: str = "蓝色安全密钥") -> Any:
    options = json.loads(post(browser, "/desk/passkeys/begin").content)
    return post(browser, "/desk/passkeys", key.made(options), **{"X-Passkey-Name": quote(name)})


def at_the_door() -> Client:
    browser = Client(HTTP_HOST=HOST)
    assert browser.post("/desk/sign-in", {"login": "operations", "password": PASSWORD}).status_code == 302
    return browser


def begin(browser: Client) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(post(browser, "/desk/code/passkey/begin").content)
    return found


def is_inside(browser: Client) -> bool:
    return browser.get("/desk/").status_code == 200


def test_password_and_passkey_let_in(owner, key):
    browser = at_the_door()
    assert "使用通行密钥" in browser.get("/desk/code").content.decode()
    answer = post(browser, "/desk/code/passkey", key.used(begin(browser)))
    assert (answer.status_code, answer.json()) == (200, {"next": "/desk/"})
    assert is_inside(browser)
    told = AuditEvent.objects.filter(action="desk.signed_in", actor=f"credential:{owner}").latest("at")
    assert told.details["by"] == "passkey"
    assert Passkey.objects.get(credential_id=owner).used_at is not None


def test_the_one_time_code_still_lets_in(owner):
    browser = at_the_door()
    assert browser.post("/desk/code", {"code": now_code()}).status_code == 302
    assert is_inside(browser)


def test_a_passkey_without_the_password_opens_nothing(owner, key):
    assert post(Client(HTTP_HOST=HOST), "/desk/code/passkey/begin").status_code == 401


def test_refuses_another_site_another_key_a_replay_and_a_copy(owner, key):
    browser = at_the_door()
    elsewhere = Authenticator("http://anxue.localhost.evil.example", "anxue.localhost", key.handle, key.key, key.count)
    stranger = Authenticator(ORIGIN, "anxue.localhost", key.handle)
    other_site = Authenticator(ORIGIN, "evil.example", key.handle, key.key, key.count)
    for false in (elsewhere, stranger, other_site):
        assert post(browser, "/desk/code/passkey", false.used(begin(browser))).status_code == 422
    answer = key.used(begin(browser))
    assert post(browser, "/desk/code/passkey", answer).status_code == 200
    again = at_the_door()
    begin(again)
    assert post(again, "/desk/code/passkey", answer).status_code == 422, "an answer works for one challenge"
    copy = Authenticator(ORIGIN, "anxue.localhost", key.handle, key.key, 0)
    assert post(again, "/desk/code/passkey", copy.used(begin(again))).status_code == 422, "a counter that does not grow is a copy"
    assert not is_inside(again)
    assert AuditEvent.objects.filter(action="desk.second_step_refused", result="REFUSED").count() == 5


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", "nonsense", '{"id": 7}', '{"id": "AAAA", "rawId": "AAAA", "type": "public-key"}']
)
def test_refuses_nonsense_and_lets_nobody_in(owner, body):
    browser = at_the_door()
    begin(browser)
    assert post(browser, "/desk/code/passkey", body).status_code == 422
    assert not is_inside(browser)


def test_a_challenge_serves_once_and_only_its_ceremony(owner, key):
    browser = at_the_door()
    assert post(browser, "/desk/code/passkey", key.used({"challenge": "AAAA"})).status_code == 409
    options = begin(browser)
    post(browser, "/desk/code/passkey", "{}")
    assert post(browser, "/desk/code/passkey", key.used(options)).status_code == 409


def test_somebody_else_s_passkey_is_no_way_in(owner, key):
    other = operator("AUTHOR")
    theirs = Authenticator(ORIGIN, "anxue.localhost")
    add(inside(other), theirs)
    browser = at_the_door()
    assert post(browser, "/desk/code/passkey", theirs.used(begin(browser))).status_code == 422
    assert not is_inside(browser)


def test_a_passkey_is_bound_once_and_removed_by_its_owner_only(owner, key):
    mine, other = inside(owner), inside(operator("AUTHOR"))
    assert add(mine, key).status_code == 409
    row = Passkey.objects.get()
    assert other.post(f"/desk/passkeys/{row.pk}/remove").status_code == 404
    assert Passkey.objects.filter(pk=row.pk).exists()
    assert "蓝色安全密钥" in mine.get("/desk/security").content.decode()
    assert mine.post(f"/desk/passkeys/{row.pk}/remove").status_code == 302
    assert not Passkey.objects.exists()
    assert set(AuditEvent.objects.filter(action__startswith="desk.passkey").values_list("action", flat=True)) == {
        "desk.passkey_added",
        "desk.passkey_removed",
    }
