"""The manual: both languages alike, a chapter for every page, each reader's own, pictures where they were built."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

from public.helpdesk import marked
from public.helpdesk.manual import pictures, reading
from public.helpdesk.manual.chapters import CHAPTERS, of_page
from public.helpdesk.seed.reading import entries
from tenants.scope import enterprise_scope
from tests.apps.plans import ground as plans
from tests.public.desk import HOST, desk, regulator, signed_in

pytestmark = pytest.mark.req("R6.1.3")
NO_PAGES = {
    "app-manifest", "app-offline", "app-worker", "desk-sign-out", "dev-outbox", "dev-ui", "healthz", "set_language", "sign-out", "document-root", "public-keys",
}  # fmt: skip
"""Addresses that show nothing one could ask about."""
LINKED = re.compile(r"\]\((/[^)#]*)")


def test_both_languages_have_the_same_sections_in_the_same_order():
    for chapter in CHAPTERS:
        zh, en = (reading.text_of(chapter.key, lang) for lang in reading.LANGUAGES)
        assert [one.anchor for one in zh.sections] == [one.anchor for one in en.sections], chapter.key
        assert len(zh.sections) >= 3, chapter.key
        assert len({one.anchor for one in zh.sections}) == len(zh.sections), chapter.key
        for text in (zh, en):
            assert text.lead, chapter.key
            assert all(len(one.text) > 20 for one in text.sections), chapter.key
        assert not re.search(
            r"[\u4e00-\u9fff]", re.sub(r"学时", "", " ".join([en.title, en.lead, *(one.title + one.text for one in en.sections)]))
        )
    assert {one.audience for one in CHAPTERS} == {"LEARNER", "MANAGER", "TRAINER", "OPERATOR", "REGULATOR", "PUBLIC"}


@pytest.mark.parametrize("key", ["operator/administrators", "operator/exchange"])
def test_what_is_named_in_quotes_is_named_so_on_the_pages(key):
    zh, en = (" ".join(one.text for one in reading.text_of(key, lang).sections) for lang in reading.LANGUAGES)
    named = re.findall("“([^”]+)”", zh)
    with translation.override("en"):
        words = {one: gettext(one) for one in named}
    assert len(words) >= 3
    assert [one for one, other in words.items() if other == one] == [], "no page has these words"
    assert [other for other in words.values() if f"“{other}”" not in en] == []


def test_a_page_of_complaints_has_words_about_them_in_its_chapter():
    for page in ("desk-complaint", "complaint-file"):
        chapter = of_page(page)
        assert chapter is not None
        assert "complain" in " ".join(one.anchor for one in reading.text_of(chapter.key, "zh").sections), page


def test_every_page_of_the_product_has_a_chapter():
    names = {name for host in ("platform", "enterprise") for name in _names(get_resolver(f"infra.wiring.urls.{host}"))}
    assert len(names) > 200
    assert sorted(name for name in names - NO_PAGES if of_page(name) is None) == []


def _names(resolver: URLResolver) -> list[str]:
    found = []
    for item in resolver.url_patterns:
        if isinstance(item, URLResolver):
            found += [] if str(item.pattern).startswith("api/") else _names(item)
        elif isinstance(item, URLPattern) and item.name:
            found.append(item.name)
    return found


def test_every_chapter_names_pages_that_there_are():
    names = {name for host in ("platform", "enterprise") for name in _names(get_resolver(f"infra.wiring.urls.{host}"))}
    unknown = [
        page
        for one in CHAPTERS
        for page in one.pages
        if not any(name == page or (page[-1] == "*" and name.startswith(page[:-1])) for name in names)
    ]
    assert [page for page in unknown if not page.startswith(("complaint", "desk-complaint"))] == []


def test_first_questions_are_whole_in_both_languages():
    rows = entries()
    assert len(rows) >= 30
    for row in rows:
        assert row.question_en, row.question
        assert min(len(row.answer), len(row.answer_en)) > 20, row.question
        assert not re.search(r"[\u4e00-\u9fff]", row.answer_en.replace("学时", "")), row.question
        assert of_page("help") is not None
        assert reading.text_of(row.chapter, "zh"), row.chapter
    assert len({row.question for row in rows}) == len(rows)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_reader_finds_the_own_part_first(db, jia, language):
    with enterprise_scope(jia):
        view = plans.learner(1, "学员甲")
    seen = {}
    for name, browser in _readers(jia, view).items():
        page = browser.get("/manual", headers={"accept-language": language})
        assert page.status_code == 200
        seen[name] = [one.chapter.role for _label, chapters in page.context["parts"] for one in chapters[:1]]
    assert seen == {
        "learner": ["learner", "public"],
        "guest": ["learner", "manager", "public"],
        "visitor": ["public", "regulator", "learner", "manager", "trainer"],
        "operations": ["operator", "trainer", "manager", "learner", "regulator", "public"],
        "regulator": ["regulator", "public", "learner", "manager", "trainer"],
    }


def _readers(jia: Any, view: Any) -> dict[str, Client]:
    from tenants.scope import platform_scope

    with platform_scope():
        regulator("3301")
        return {
            "learner": plans.learner_browser(jia, view),
            "guest": Client(HTTP_HOST=jia.host),
            "visitor": Client(HTTP_HOST=HOST),
            "operations": desk("OPERATIONS"),
            "regulator": signed_in("jg3301"),
        }


def test_a_chapter_of_another_part_is_not_there(db, jia):
    guest = Client(HTTP_HOST=jia.host)
    assert guest.get("/manual/learner/study").status_code == 200
    for path in ("/manual/operator/help", "/manual/learner/nothing", "/manual/nothing/study"):
        assert guest.get(path).status_code == 404, path


def test_the_question_mark_opens_the_chapter_of_the_page(db, jia):
    with enterprise_scope(jia):
        view = plans.learner(1, "学员甲")
    browser = plans.learner_browser(jia, view)
    assert 'href="/help?at=learn-archive"' in browser.get("/learn/archive").content.decode()
    page = browser.get("/help?at=learn-archive").content.decode()
    assert "这一页怎么用" in page
    assert "/manual/learner/records#certificate" in page
    assert "这一页怎么用" not in browser.get("/help?at=desk-help").content.decode(), "another part's chapter"
    assert "这一页怎么用" not in browser.get("/help?at=<script>").content.decode()
    assert 'href="/help?at=sign-in"' in Client(HTTP_HOST=jia.host).get("/sign-in").content.decode()


def test_pictures_are_made_small_and_shown_where_there_are_some(db, jia, settings, tmp_path: Path):
    settings.MANUAL_PICTURES = str(tmp_path / "manual")
    guest = Client(HTTP_HOST=jia.host)
    assert "<figure" not in guest.get("/manual/learner/study").content.decode()
    name = next(one for one in pictures.used() if one.startswith("player-phone"))
    (tmp_path / "screens").mkdir()
    Image.new("RGB", (2400, 4000), "white").save(tmp_path / "screens" / f"{name}.png")
    call_command("manual", "collect", screens=str(tmp_path / "screens"), verbosity=0)
    page = guest.get("/manual/learner/study").content.decode()
    assert f'src="/manual/pictures/{name}.webp"' in page
    assert 'width="1200" height="1500"' in page
    answer = guest.get(f"/manual/pictures/{name}.webp")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    for other in ("sign-phone", "..", "a" * 80):
        assert guest.get(f"/manual/pictures/{other}.webp").status_code == 404


def test_every_picture_is_taken_by_some_test():
    """By its name, or by one that is made of a role or a step (``desk-{name}``); some screens put a prefix of their own before it."""
    code = "\n".join(path.read_text() for path in Path("tests").rglob("*.py"))
    named = [
        re.sub(r"\\{[^}]*\\}", "[a-z0-9-]+", re.escape(one))
        for one in set(re.findall(r'f?"([a-z{}-]{4,40})"', code))
        if re.search(r"^[a-z-]{3}", one)
    ]
    taken = re.compile("|".join(named))
    prefixes = ["", *re.findall(r'prefix = "([a-z-]+)"', code), *re.findall(r'f"([a-z]+-)\{name\}', code)]
    bare = [re.sub(r"-(desktop|phone)$", "", name) for name in pictures.used()]
    assert [
        name for name in bare if not any(name.startswith(one) and taken.fullmatch(name.removeprefix(one)) for one in prefixes)
    ] == []


def test_links_within_the_manual_lead_somewhere():
    for chapter in CHAPTERS:
        for lang in reading.LANGUAGES:
            text = reading.text_of(chapter.key, lang)
            for part in (text.lead, *(one.text for one in text.sections)):
                assert not LINKED.findall(part), "chapters name pages in words; addresses differ by host"
                assert marked.html(part)
