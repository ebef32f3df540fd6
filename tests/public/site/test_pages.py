"""Public pages of the platform host."""

from __future__ import annotations

import base64
import re

import pytest
from django.test import Client

from infra.kit import signing
from public.site.facts import MUST, facts, missing
from public.site.models import SiteFact
from tenants.sites import Site
from tests.public.desk import HOST, inside, operator

PAGES = [
    "/",
    "/sign-up",
    "/verify/",
    "/verify/nothing",
    "/qualifications",
    "/supervision",
    "/privacy",
    "/manual",
    "/manual/public/verify",
    "/help",
    "/help/track",
    "/desk/sign-in",
]


@pytest.fixture
def browser(platform: None) -> Client:
    return Client(HTTP_HOST="anxue.localhost:8000")


@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_answers(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == (404 if "nothing" in path else 200)


@pytest.mark.req("R2.6")
@pytest.mark.parametrize("path", PAGES)
def test_no_page_lets_foreign_or_inline_code_in(browser: Client, path: str) -> None:
    answer = browser.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if " " in part.strip())
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    html = answer.content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", html)
    assert not re.search(r"(src|href)=\"(https?:)?//", html)


def test_the_landing_page_leads_to_sign_up_and_verification(browser: Client) -> None:
    html = browser.get("/").content.decode()
    for target in ('href="/sign-up"', 'action="/verify/"', 'href="/manual"'):
        assert target in html


@pytest.mark.req("R6.1.5")
def test_the_complaint_phone_is_what_operations_wrote(browser: Client) -> None:
    assert "尚未填写" in browser.get("/supervision").content.decode()
    SiteFact.objects.create(key="complaint_phone", text_zh="0571-00000000")
    html = browser.get("/supervision").content.decode()
    assert 'href="tel:0571-00000000"' in html
    assert "12350" in html


def test_english_falls_back_to_chinese(platform: None) -> None:
    from django.utils import translation

    SiteFact.objects.create(key="operator_name", text_zh="某某运营公司")
    SiteFact.objects.create(key="operator_address", text_zh="杭州", text_en="Hangzhou")
    with translation.override("en"):
        found = facts()
    assert (found["operator_name"], found["operator_address"]) == ("某某运营公司", "Hangzhou")


@pytest.mark.req("R7.2")
def test_the_public_keys_check_what_the_platform_signs(browser: Client) -> None:
    from public.regulators import api as regulators

    keys = {key["key_id"]: key for key in browser.get("/.well-known/anxue-keys.json").json()["keys"]}
    for signer in (regulators.certificate_signer(), regulators.feed_signer()):
        published = base64.b64decode(keys[signer.key_id]["public_key"])
        assert signing.verify(b"x", signer.sign(b"x"), published)
        assert not signing.verify(b"y", signer.sign(b"x"), published)


def test_texts_that_the_public_must_find_are_asked_for_on_the_desk(platform: None) -> None:
    SiteFact.objects.bulk_create([SiteFact(key=key, text_zh="有") for key in MUST if key not in {"icp", "service_phone"}])
    SiteFact.objects.create(key="icp", text_zh="")
    desk = inside(operator("OPERATIONS"))
    page = desk.get("/desk/facts").content.decode()
    assert "服务电话、网站备案号" in page
    assert ("未填的公示信息", 2) in [(str(queue.label), queue.count) for queue in desk.get("/desk/").context["waiting"]]
    SiteFact.objects.filter(key="icp").update(text_zh="浙ICP备2026000001号")
    SiteFact.objects.create(key="service_phone", text_zh="0571-88880000")
    assert missing() == []


@pytest.mark.req("R1.4")
def test_the_privacy_page_says_how_to_reach_who_keeps_the_data_on_every_host(platform: None, jia: Site) -> None:
    SiteFact.objects.create(key="operator_address", text_zh="杭州市某路 1 号")
    SiteFact.objects.create(key="complaint_email", text_zh="jiandu@example.com")
    for host in (HOST, jia.host):
        page = Client(HTTP_HOST=host).get("/privacy").content.decode()
        assert "杭州市某路 1 号" in page, host
        assert 'href="mailto:jiandu@example.com"' in page, host
        assert "<h3" in page, "each point of the notice can be jumped to"
    assert "杭州市某路 1 号" in Client(HTTP_HOST=HOST).get("/supervision").content.decode(), "who complains in writing needs it"


def test_certificates_are_checked_and_authorities_sign_in_from_every_public_page_also_on_a_phone(browser: Client) -> None:
    foot = re.findall(r"<footer.*?</footer>", browser.get("/supervision").content.decode(), re.DOTALL)[0]
    assert 'href="/verify/"' in foot
    assert 'href="/desk/"' in foot
    (inside_the_desk,) = re.findall(
        r"<footer.*?</footer>", inside(operator("OPERATIONS")).get("/desk/").content.decode(), re.DOTALL
    )
    assert 'href="/desk/"' not in inside_the_desk
