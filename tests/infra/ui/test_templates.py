"""Every template of the kit parses, obeys the CSP and renders when little else works."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.template.loader import get_template
from django.test import RequestFactory
from pytest_django import Settings

import infra.ui
from infra.kit.errors import DomainError
from infra.ui.templatetags import ui

ROOT = Path(infra.ui.__file__).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
names = pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))


@names
def test_template_parses(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))


@names
def test_template_holds_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle\s*=|javascript:|\shx-on|\shx-vals=.js:", text, re.I)
    assert not re.search(r"\son[a-z]+\s*=", text, re.I)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@names
def test_template_loads_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r"(src|href)=.(https?:)?//", path.read_text())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_script_neither_evaluates_nor_writes_html(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
    assert not re.search(r"^import ", text, re.M), "hashed static files would break relative imports"


@pytest.mark.parametrize("code", ["500", "503"])
def test_outage_pages_render_without_request_manifest_or_database(code: str, settings: Settings) -> None:
    settings.STORAGES = {
        "staticfiles": {"BACKEND": f"{ManifestStaticFilesStorage.__module__}.{ManifestStaticFilesStorage.__name__}"}
    }
    settings.DEBUG = False
    html = get_template(f"{code}.html").render()
    assert "请" in html
    assert "ui/tokens." in html


@pytest.mark.parametrize("code", ["400", "403", "404", "429"])
def test_error_pages_say_what_to_do_next(code: str) -> None:
    html = get_template(f"{code}.html").render({})
    assert "回到首页" in html
    assert "csrf-token" not in html


def test_refusal_page_shows_the_message_escaped() -> None:
    error = DomainError("taken", "<b>请换一个子域名</b>", status=409)
    html = get_template("ui/refused.html").render({"error": error}, RequestFactory().get("/"))
    assert "&lt;b&gt;请换一个子域名" in html


def test_refusal_page_reads_no_messages_while_a_service_is_lost() -> None:
    class Lost:
        def __iter__(self) -> object:
            raise ConnectionError

    error = DomainError("unavailable", "请过几秒再试。", status=503)
    html = get_template("ui/refused.html").render({"error": error, "messages": Lost()})
    assert "再试一次" in html


def test_suspended_page_says_who_to_call() -> None:
    html = get_template("ui/suspended.html").render({"enterprise_name": "甲公司", "support_phone": "0571-00000000"})
    assert 'href="tel:0571-00000000"' in html
    assert "甲公司的服务已暂停" in html


def test_unknown_host_page_escapes_the_address() -> None:
    assert "<img" not in get_template("ui/unknown_host.html").render({"host": "<img>"}).split("<main")[1]


def test_footer_hides_links_that_do_not_exist() -> None:
    html = get_template("ui/plain.html").render({"footer_links": [{"url": "/rules", "label": "处理规则"}]})
    assert html.count('href="/rules"') == 1


@pytest.mark.parametrize("frame", ["console", "learner"])
def test_frames_mark_the_present_page_and_keep_landmarks(frame: str) -> None:
    nav = [{"label": f"项{n}", "icon": "home", "url": f"/{n}", "active": n == 2, "badge": n} for n in range(6)]
    html = get_template(f"ui/{frame}.html").render({"nav": nav, "user_name": "安全员"}, RequestFactory().get("/"))
    assert 'aria-current="page"' in html
    assert html.count("<main") == 1
    assert 'name="csrf-token"' in html
    assert "ax-skip" in html


def test_tones_all_have_an_icon_beside_their_colour() -> None:
    assert set(ui.TONE_ICONS) == {"neutral", "info", "proven", "attention", "stop"}
