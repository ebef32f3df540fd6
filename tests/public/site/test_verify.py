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


def changed(jia: Any, kind: str) -> None:
    with enterprise_scope(jia):
        if kind == "REVOKED":
            regulators.note_revoked(code=CODE, reason="UNTRUE", entry="ab" * 32, at=clock.now())
        else:
            regulators.note_renewed(code=CODE, other_code="b" * 16, other_number="AQPX-NEW", entry="cd" * 32, at=clock.now())


@pytest.mark.req("R4.5")
@pytest.mark.parametrize(
    ("changes", "until", "words", "state"),
    [
        (["REVOKED"], None, ["这份证明已撤销", "学习记录不实"], "REVOKED"),
        (["RENEWED"], None, ["这份证明已续期", "AQPX-NEW", f"/verify/{'b' * 16}"], "RENEWED"),
        (["RENEWED", "REVOKED"], "2020-01-01", ["这份证明已撤销"], "REVOKED"),
        ([], "2020-01-01", ["已过有效期", "2020-01-01", "已过期"], "EXPIRED"),
        ([], "2999-01-01", ["这份证明真实有效", "2999-01-01"], "VALID"),
    ],
)
def test_says_what_it_is_worth_today(
    browser: Client, jia: object, changes: list[str], until: str | None, words: list[str], state: str
) -> None:
    body = BODY | {"valid_until": until, "title": "三级安全教育培训证明", "renews": None}
    listed(jia, body=body, signed=body)
    for kind in changes:
        changed(jia, kind)
    html = browser.get(f"/verify/{CODE}").content.decode()
    for word in [*words, "三级安全教育培训证明"]:
        assert word in html
    assert ("真实有效" in html) is (state == "VALID")
    sent = browser.get(f"/verify/{CODE}.json").json()
    assert (sent["state"], [one["kind"] for one in sent["changes"]]) == (state, changes)


def test_an_altered_one_is_never_called_merely_expired(browser: Client, jia: object) -> None:
    listed(jia, body=BODY | {"valid_until": "2020-01-01"})
    html = browser.get(f"/verify/{CODE}").content.decode()
    assert "请不要采信" in html
    assert "这份证明真实" not in html


def test_the_root_of_signed_files_is_handed_out(browser: Client) -> None:
    answer = browser.get("/.well-known/anxue-ca.pem")
    assert answer.content.decode() == regulators.document_key().root_pem


@pytest.mark.parametrize("path", ["/verify/unknown", "/verify/unknown.json", "/verify/'%20OR%201=1"])
def test_an_unknown_code_gets_a_clear_page(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert any(word in answer.content.decode() for word in ("没有这份证明", "没有找到这份证书"))


def test_who_types_the_number_is_told_where_the_code_stands(browser: Client) -> None:
    answer = browser.get("/verify/aqpx-330106-20261129-CY-0002-000001M")
    page = answer.content.decode()
    assert (answer.status_code, "二维码下方的查验码" in page, "伪造" in page) == (404, True, False)


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
