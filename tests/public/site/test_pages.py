"""Public pages of the platform host."""

from __future__ import annotations

import base64
import re

import pytest
from django.test import Client

from infra.kit import signing
from public.site.facts import facts
from public.site.models import SiteFact

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
