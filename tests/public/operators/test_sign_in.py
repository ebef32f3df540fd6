"""The desk's door: password, then a one-time code."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.test import Client

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.operators import second_factor
from public.operators.models import SecondFactor
from tenants.accounts.models import Credential
from tests.public.desk import HOST, PASSWORD, SECRET, now_code, operator, regulator, signed_in

pytestmark = pytest.mark.req("R5.7")
AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def browser(platform: None) -> Client:
    return Client(HTTP_HOST=HOST)


def first_step(browser: Client, login: str = "operations", **more: str) -> None:
    answer = browser.post("/desk/sign-in", {"login": login, "password": PASSWORD}, **more)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/code")


def is_inside(browser: Client) -> bool:
    return browser.get("/desk/").status_code == 200


def test_password_and_code_let_in(browser: Client) -> None:
    me = operator("OPERATIONS")
    first_step(browser)
    assert not is_inside(browser), "the password alone opens nothing"
    answer = browser.post("/desk/code", {"code": now_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert is_inside(browser)
    assert AuditEvent.objects.filter(action="desk.signed_in", actor=f"credential:{me}").exists()


def test_a_password_that_was_taken_away_meanwhile_sets_up_no_second_step(browser: Client) -> None:
    """A reset ends the second factor too: whoever stands between both steps with the old password must not enrol one."""
    me = operator("OPERATIONS")
    first_step(browser)
    assert browser.get("/desk/code").status_code == 200
    who = Credential.objects.get(pk=me)
    who.set_unusable_password()
    who.save(update_fields=["password"])
    SecondFactor.objects.filter(credential_id=me).delete()
    assert browser.get("/desk/code")["Location"] == "/desk/sign-in"
    assert browser.post("/desk/code/passkey/begin").status_code == 401
    assert not SecondFactor.objects.filter(credential_id=me).exists()
    assert not is_inside(browser)


def test_leads_back_to_where_one_wanted_to_go_but_never_elsewhere(browser: Client) -> None:
    operator("OPERATIONS")
    wanted = browser.get("/desk/enterprises?status=ACTIVE")
    assert wanted["Location"] == "/desk/sign-in?next=/desk/enterprises%3Fstatus%3DACTIVE"
    browser.post(wanted["Location"], {"login": "operations", "password": PASSWORD})
    assert browser.post("/desk/code", {"code": now_code()})["Location"] == "/desk/enterprises?status=ACTIVE"
    stranger = Client(HTTP_HOST=HOST)
    operator("AUTHOR")
    stranger.post("/desk/sign-in?next=https://evil.example/", {"login": "author", "password": PASSWORD})
    assert stranger.post("/desk/code", {"code": now_code()})["Location"] == "/desk/"


@pytest.mark.parametrize(("login", "password"), [("operations", "wrong"), ("nobody", PASSWORD), ("OPERATIONS' --", PASSWORD)])
def test_says_the_same_for_unknown_people_and_wrong_passwords(browser: Client, login: str, password: str) -> None:
    operator("OPERATIONS")
    answer = browser.post("/desk/sign-in", {"login": login, "password": password})
    assert answer.status_code == 422
    assert "登录名或密码不正确" in answer.content.decode()
    assert browser.get("/desk/code")["Location"] == "/desk/sign-in"


def test_shuts_after_ten_wrong_passwords_even_for_the_right_one(browser: Client) -> None:
    operator("OPERATIONS")
    for _ in range(10):
        browser.post("/desk/sign-in", {"login": "operations", "password": "wrong"})
    answer = browser.post("/desk/sign-in", {"login": "operations", "password": PASSWORD})
    assert answer.status_code == 429
    assert "操作太频繁" in answer.content.decode()


def test_shuts_after_ten_wrong_codes_even_for_the_right_one(browser: Client) -> None:
    operator("OPERATIONS")
    first_step(browser)
    right = now_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(10):
        assert browser.post("/desk/code", {"code": wrong}).status_code == 422
    assert browser.post("/desk/code", {"code": right}).status_code == 429
    assert not is_inside(browser)


def test_the_first_sign_in_shows_a_qr_once_and_confirms_it_by_a_code(browser: Client) -> None:
    operator("OPERATIONS", totp=False)
    first_step(browser)
    page = browser.get("/desk/code").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    found = re.search(r"data-totp-secret>([A-Z2-7]{32})<", page)
    assert found
    assert found[1] in browser.get("/desk/code").content.decode(), "the same secret until it is confirmed"
    assert browser.post("/desk/code", {"code": pyotp.TOTP(found[1]).now()}).status_code == 302
    again = Client(HTTP_HOST=HOST)
    first_step(again)
    assert found[1] not in again.get("/desk/code").content.decode()


def test_the_secret_is_sealed_at_rest(platform: None) -> None:
    me = operator("OPERATIONS")
    assert SECRET.encode() not in bytes(SecondFactor.objects.get(credential_id=me).sealed)


def test_a_sealed_secret_opens_only_for_its_owner(platform: None) -> None:
    from infra.kit.crypto import SealBroken

    mine, other = operator("OPERATIONS"), operator("AUTHOR")
    SecondFactor.objects.filter(credential_id=other).update(sealed=SecondFactor.objects.get(credential_id=mine).sealed)
    with pytest.raises(SealBroken):
        second_factor.check(credential_id=other, code="000000", at=AT)


def test_a_code_works_once(platform: None) -> None:
    me = operator("OPERATIONS")
    code = pyotp.TOTP(SECRET).at(AT)
    second_factor.check(credential_id=me, code=code, at=AT)
    with pytest.raises(DomainError) as refused:
        second_factor.check(credential_id=me, code=code, at=AT + timedelta(seconds=5))
    assert refused.value.code == "totp_used"
    second_factor.check(credential_id=me, code=pyotp.TOTP(SECRET).at(AT + timedelta(seconds=30)), at=AT + timedelta(seconds=30))


@pytest.mark.parametrize(("drift_s", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_takes_codes_of_one_step_before_and_after(platform: None, drift_s: int, taken: bool) -> None:
    me = operator("OPERATIONS")
    code = pyotp.TOTP(SECRET).at(AT + timedelta(seconds=drift_s))
    if taken:
        second_factor.check(credential_id=me, code=code, at=AT)
    else:
        with pytest.raises(DomainError):
            second_factor.check(credential_id=me, code=code, at=AT)


@pytest.mark.parametrize("code", ["", "abcdef", "１２３４５６", "0" * 8, "-1"])
def test_refuses_what_is_no_code(browser: Client, code: str) -> None:
    operator("OPERATIONS")
    first_step(browser)
    assert browser.post("/desk/code", {"code": code}).status_code in {200, 422}
    assert not is_inside(browser)


def test_the_code_page_without_the_password_leads_back(browser: Client) -> None:
    assert browser.get("/desk/code")["Location"] == "/desk/sign-in"
    assert browser.post("/desk/code", {"code": "000000"})["Location"] == "/desk/sign-in"


def test_a_blocked_person_is_out_at_once(browser: Client) -> None:
    me = operator("OPERATIONS")
    inside = signed_in("operations")
    Credential.objects.filter(pk=me).update(is_active=False)
    assert inside.get("/desk/").status_code == 302


def test_signing_out_ends_the_session(browser: Client) -> None:
    operator("OPERATIONS")
    inside = signed_in("operations")
    assert inside.post("/desk/sign-out").status_code == 302
    assert not is_inside(inside)


def test_a_regulator_is_led_to_their_own_page(browser: Client) -> None:
    regulator("3301")
    inside = signed_in("jg3301")
    assert inside.get("/desk/")["Location"] == "/regulator/statistics"


@pytest.mark.req("R2.6")
def test_a_desk_session_opens_nothing_on_an_enterprise_host(browser: Client, jia: object) -> None:
    operator("OPERATIONS")
    inside = signed_in("operations")
    for path in ("/desk/", "/desk/enterprises", "/regulator/"):
        assert inside.get(path, HTTP_HOST="jia.localhost").status_code == 404
