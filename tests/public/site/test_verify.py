"""A stranger checks a certificate."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client

from infra.kit import canonical, clock, signing
from public.regulators import api as regulators
from tenants.scope import enterprise_scope

pytestmark = pytest.mark.req("R4.1")
BODY = {
    "number": "AQPX-330106-20261123-CY-0001-0000011",
    "name": "学**",
    "enterprise": "杭州甲机械有限公司",
    "training": "新员工三级安全教育",
    "training_type": "初次培训",
    "category": "一般从业人员",
    "required_ms": 24 * 2_700_000,
    "earned_ms": 24 * 2_700_000,
    "started_on": "2026-11-01",
    "completed_on": "2026-11-23",
    "exam_score": 92,
    "issued_on": "2026-11-23",
    "platform": "安学 · 安全生产网络培训平台",
    "fingerprint": "ab" * 32,
}
CODE = "kZ3v_x-TtQ0aaBcD"


@pytest.fixture
def browser(db: None, jia: object) -> Client:
    return Client(HTTP_HOST="anxue.localhost:8000")


def listed(jia: Any, *, body: dict[str, Any] = BODY, signed: dict[str, Any] = BODY) -> None:
    signer = regulators.certificate_signer()
    with enterprise_scope(jia):
        regulators.list_certificate(
            code=CODE,
            number=str(body["number"]),
            body=body,
            signature=signer.sign(canonical.encode(signed)),
            key_id=signer.key_id,
            at=clock.now(),
        )


def test_shows_what_the_certificate_proves_in_plain_words(browser: Client, jia: object) -> None:
    listed(jia)
    html = browser.get(f"/verify/{CODE}").content.decode()
    for words in (
        "这份证明真实有效",
        "学**",
        "新员工三级安全教育",
        "24 学时",
        "92 分",
        BODY["number"],
        "杭州甲机械有限公司",
        "2026-11-23",
    ):
        assert str(words) in html


def test_a_short_training_is_told_in_minutes_alone(browser: Client, jia: object) -> None:
    body = BODY | {"required_ms": 120_000, "earned_ms": 125_000}
    listed(jia, body=body, signed=body)
    html = browser.get(f"/verify/{CODE}").content.decode()
    assert html.count('<span class="ax-hours">2 分钟</span>') == 2
    assert "这份证明真实有效" in html


def test_a_changed_body_is_not_believed(browser: Client, jia: object) -> None:
    listed(jia, body=BODY | {"earned_ms": 1})
    html = browser.get(f"/verify/{CODE}").content.decode()
    assert "请不要采信" in html
    assert "真实有效" not in html


def test_anybody_can_check_the_signature_themselves(browser: Client, jia: object) -> None:
    listed(jia)
    answer = browser.get(f"/verify/{CODE}.json")
    sent = answer.json()
    assert "attachment" in answer["Content-Disposition"]
    keys = {
        key["key_id"]: base64.b64decode(key["public_key"]) for key in browser.get("/.well-known/anxue-keys.json").json()["keys"]
    }
    assert signing.verify(canonical.encode(sent["body"]), sent["signature"], keys[sent["key_id"]])
    assert not signing.verify(canonical.encode(sent["body"] | {"name": "别人"}), sent["signature"], keys[sent["key_id"]])


@pytest.mark.parametrize("path", ["/verify/unknown", "/verify/unknown.json", "/verify/'%20OR%201=1"])
def test_an_unknown_code_gets_a_clear_page(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert any(word in answer.content.decode() for word in ("没有这份证明", "没有找到这份证书"))


def test_the_number_is_no_key(browser: Client, jia: object) -> None:
    listed(jia)
    assert browser.get(f"/verify/{BODY['number']}").status_code == 404


@pytest.mark.parametrize(
    "typed", [CODE, f" {CODE} ", f"https://anxue.localhost/verify/{CODE}", f"http://anxue.localhost:8000/verify/{CODE}/"]
)
def test_takes_the_code_however_it_was_copied(browser: Client, typed: str) -> None:
    answer = browser.get("/verify/", {"code": typed})
    assert (answer.status_code, answer["Location"]) == (302, f"/verify/{CODE}")


def test_guessing_is_limited(browser: Client) -> None:
    codes = {browser.get(f"/verify/guess{n}").status_code for n in range(31)}
    assert codes == {404, 429}
