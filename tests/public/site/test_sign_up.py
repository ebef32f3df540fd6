"""Sign-up as the browser sees it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from infra.adapters.sms import outbox
from tenants.models import Enterprise, PooledSchema
from tenants.scope import platform_scope
from tests.tenants.signing_up import USCC, answers, client

pytestmark = pytest.mark.req("S1")
MOBILE = "13800138000"


def sent(browser: Client, mobile: str = MOBILE) -> str:
    assert browser.post("/sign-up/code", {"mobile": mobile}, headers={"HX-Request": "true"}).status_code == 200
    return outbox.messages()[0].code


def opened() -> int:
    with platform_scope():
        return Enterprise.objects.filter(uscc=USCC).count()


def test_signs_up_and_walks_into_the_new_workspace(db: None, database: None) -> None:
    browser = client()
    answer = browser.post("/sign-up", answers(code=sent(browser)))
    assert answer.status_code == 302, answer.content.decode()
    target = urlsplit(answer["Location"])
    assert (target.scheme, target.netloc, target.path) == ("http", "shiyan.localhost:8000", "/enter")
    inside = Client(HTTP_HOST=target.netloc).get(f"{target.path}?{target.query}", follow=True)
    assert inside.status_code == 200
    assert "安全员" in inside.content.decode()


def test_the_page_may_lead_only_to_our_own_hosts(db: None, database: None) -> None:
    policy = client().get("/sign-up")["Content-Security-Policy"]
    assert "form-action 'self' http://*.localhost:* https://*.localhost:*" in policy


def test_keeps_everything_typed_and_names_each_wrong_field(db: None, database: None) -> None:
    typed = answers(uscc="91330100MA2TEPT14G", name="", agree="")
    page = client().post("/sign-up", typed)
    html = page.content.decode()
    assert page.status_code == 422
    for value in ("138 0013 8000", "Sao-chu-ying-1", "杭州试验机械有限公司", "91330100MA2TEPT14G", "shiyan"):
        assert value in html
    assert re.search(r'<option value="330106" selected', html)
    for field in ("uscc", "name", "agree", "code"):
        assert f'id="id_{field}_error"' in html
    assert opened() == 0


@pytest.mark.parametrize(
    ("code", "words"), [("", "请先获取并填写短信验证码"), ("000000", "验证码已过期或尚未发送"), ("not-a-code", "字符")]
)
def test_refuses_without_the_code_of_the_phone(db: None, database: None, code: str, words: str) -> None:
    page = client().post("/sign-up", answers(code=code))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert opened() == 0


def test_refuses_after_too_many_wrong_codes(db: None, database: None) -> None:
    browser = client()
    code = sent(browser)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert "验证码不正确" in browser.post("/sign-up", answers(code=wrong)).content.decode()
    assert "错误次数过多" in browser.post("/sign-up", answers(code=code)).content.decode()
    assert opened() == 0


def test_a_mistake_further_down_does_not_cost_a_second_message(db: None, jia: object) -> None:
    browser = client()
    page = browser.post("/sign-up", answers(code=sent(browser), subdomain="j1a")).content.decode()
    assert "过于相似" in page
    assert "data-fill" in page
    proof = re.search(r'name="proof" value="([^"]+)"', page)
    assert proof
    assert "手机号已验证" in page
    assert browser.post("/sign-up", answers(proof=proof[1])).status_code == 302


def test_says_that_a_company_exists_and_what_to_do(db: None, jia: object) -> None:
    browser = client()
    page = browser.post("/sign-up", answers(code=sent(browser), uscc="91330106MA2BKXT393"))
    assert page.status_code == 409
    assert "请向本单位管理员要登录地址" in page.content.decode()


def test_an_empty_pool_is_503_with_everything_kept(db: None, database: None) -> None:
    with platform_scope():
        PooledSchema.objects.all().delete()
    browser = client()
    page = browser.post("/sign-up", answers(code=sent(browser)))
    assert page.status_code == 503
    assert page["Retry-After"] == "60"
    assert "杭州试验机械有限公司" in page.content.decode()
    assert opened() == 0


@pytest.mark.req("R2.6")
@pytest.mark.parametrize(
    "host", ["evil.example", "anxue.localhost.evil.example", "nobody.localhost", "localhost", "anxue.localhost@evil.example"]
)
def test_a_forged_host_gets_no_sign_up(db: None, database: None, host: str) -> None:
    browser = Client(HTTP_HOST=host)
    assert browser.get("/sign-up").status_code in {400, 404}
    assert browser.post("/sign-up", answers()).status_code in {400, 403, 404}
    assert opened() == 0


def test_an_enterprise_host_has_no_sign_up(db: None, jia: object) -> None:
    assert Client(HTTP_HOST="jia.localhost").get("/sign-up").status_code == 404


def test_refuses_a_form_from_another_site(db: None, database: None) -> None:
    browser = Client(HTTP_HOST="anxue.localhost", enforce_csrf_checks=True)
    assert browser.post("/sign-up", answers()).status_code == 403
    assert opened() == 0


def test_sending_twice_in_a_minute_says_when_to_try_again(db: None, database: None) -> None:
    browser = client()
    sent(browser)
    again = browser.post("/sign-up/code", {"mobile": MOBILE}, headers={"HX-Request": "true"})
    assert again.status_code == 429
    assert 0 < int(again["Retry-After"]) <= 60
    assert len(outbox.messages()) == 1


def test_sending_says_the_same_for_known_and_unknown_phones(db: None, database: None) -> None:
    browser = client()
    browser.post("/sign-up", answers(code=sent(browser)))
    other = browser.post("/sign-up/code", {"mobile": "13800138001"}).content
    assert "13800138001" not in other.decode()
    from tests.tenants.test_codes import pass_a_minute

    pass_a_minute()
    assert browser.post("/sign-up/code", {"mobile": MOBILE}).content == other


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/sign-up/subdomain?subdomain=hangji", "可以使用：http://hangji.localhost:8000"),
        ("/sign-up/subdomain?subdomain=admin", "由平台保留"),
        ("/sign-up/subdomain?subdomain=%D0%B0dmin", "小写字母"),
        ("/sign-up/subdomain?subdomain=jia", "已被使用"),
        ("/sign-up/subdomain?subdomain=%3Cscript%3E", "小写字母"),
        ("/sign-up/uscc?uscc=91330100MA2TEPT14F", "代码校验正确"),
        ("/sign-up/uscc?uscc=91330100MA2TEPT14G", "校验位不正确"),
        ("/sign-up/uscc?uscc=91330106MA2BKXT393", "代码校验正确"),
        ("/sign-up/counties?city=330200", "海曙区"),
    ],
)
def test_checks_while_typing(db: None, jia: object, path: str, words: str) -> None:
    answer = client().get(path)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "<script" not in answer.content.decode()


def test_the_counties_of_nowhere_are_none(db: None, database: None) -> None:
    assert client().get("/sign-up/counties?city=990000").content.decode().count("<option") == 1


def test_checking_is_limited_by_address(db: None, database: None) -> None:
    browser = client()
    codes = {browser.get("/sign-up/subdomain?subdomain=hangji").status_code for _ in range(61)}
    assert codes == {200, 429}
