"""A document read and a recording heard in a real browser, on the beat protocol of films."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.product import chromium_browser, product
from tests.web import ROOT, Web

pytestmark = pytest.mark.req("R3.4")
SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
PREPARE = """
import django; django.setup()
import json, pathlib, tempfile
from datetime import timedelta
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from infra.adapters.media.pipeline import MediaPipeline
from infra.kit import clock, crypto
from public.catalogue.media import storage_name
from public.catalogue.models import Courseware, MediaAsset
from tenants.api import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, B, device_of, enrol, publish_course
from tests.public.uploads.ground import ffmpeg, pdf
from tests.tenants.ground import open_for_test

def replace(lesson, kind, content_type, source, **files):
    made = MediaPipeline().prepare(
        kind=kind, content_type=content_type, source=source, folder=source.parent / kind, told=lambda *_: None
    )
    package, duration = made.package, made.duration_ms
    for page, least in zip(package.get("pages", ()), (4_000, 3_000)):
        page["least_ms"] = least
        duration = 7_000
    media = MediaAsset.objects.get(pk=lesson.media_id)
    for path in made.files:
        default_storage.save(storage_name(media.uuid, path.name), ContentFile(path.read_bytes()))
    sealed = crypto.seal(
        b"".join(made.keys), secret=settings.SEALING_SECRET, owner="platform", purpose=f"media/{media.uuid}"
    )
    MediaAsset.objects.filter(pk=media.pk).update(
        kind=kind, duration_ms=duration, package=package, keys_sealed=sealed
    )
    return media.uuid

site = open_for_test("reading")
version = publish_course()
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "paper.pdf").write_bytes(pdf(2, "Ventilate, test, then work"))
ffmpeg("-f", "lavfi", "-i", "sine=f=440", "-t", "8", str(folder / "sound.wav"))
with platform_scope():
    first, second = Courseware.objects.filter(version_id=version).order_by("no")[:2]
    replace(first, "DOCUMENT", "application/pdf", folder / "paper.pdf")
    sound = replace(second, "AUDIO", "audio/wav", folder / "sound.wav")
    words = "WEBVTT\\n\\n00:00:00.000 --> 00:00:08.000\\n进入受限空间前，先通风、再检测、后作业\\n"
    name = storage_name(sound, "subtitles.vtt")
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(words.encode()))

def cookie_of(person):
    browser = Client(headers={"host": site.host})
    browser.force_login(Credential.objects.by_login(person["mobile"]))
    return browser.cookies["sessionid"].value

found = {"host": site.host}
with enterprise_scope(site):
    for person in (A, B):
        school = enrol(person, version, due_on=clock.shanghai_date(clock.now() + timedelta(days=30)))
        found[person["name"]] = {
            "cookie": cookie_of(person), "device": device_of(school, person["mobile"][-1] * 32), "assignment": str(school.assignment.uuid), "lessons": [school.first, school.second]
        }
print(json.dumps(found))
"""
FORGE = """async ([assignment, courseware]) => {
    const named = performance.getEntriesByType("resource").map((one) => one.name).find((name) => /protocol\\.[^/]*js$/.test(name));
    const { Beats, call } = await import(named);
    const url = document.getElementById("player").dataset.openUrl;
    const session = await call(url, { assignment, courseware });
    const replies = [];
    const beats = new Beats(session, url, { onReply: (reply) => replies.push(reply), onRefused: (e) => replies.push(String(e)), onNet() {} });
    const say = async (position_ms, state, reason) => {
        beats.say({ position_ms, state, reason, rate: 1, hidden: false, focused: true, mono_ms: 1, frames: 0, guard: {}, probes: {} });
        await beats.settled();
    };
    await say(0, "playing", "play");
    await new Promise((done) => setTimeout(done, 300));
    await say(4000, "paused", "seek");
    await say(4000, "playing", "play");
    await new Promise((done) => setTimeout(done, 300));
    await say(7000, "ended", "ended");
    await beats.close("left");
    const again = await call(url, { assignment, courseware });
    return { replies, covered_ms: again.covered_ms, furthest_ms: again.furthest_ms };
}"""

BAD_LINE = """async ([assignment, courseware]) => {
    const named = performance.getEntriesByType("resource").map((one) => one.name).find((name) => /protocol\\.[^/]*js$/.test(name));
    const { Beats, call } = await import(named);
    const url = document.getElementById("player").dataset.openUrl;
    const session = await call(url, { assignment, courseware });
    const real = window.fetch;
    let lost = "";
    window.fetch = async (...asked) => {
        const fails = lost;
        lost = "";
        if (fails === "question") throw new TypeError("lost");
        const answered = await real(...asked);
        if (fails === "answer") throw new TypeError("lost");
        return answered;
    };
    let at = 0;
    const claim = (state, reason) => ({ position_ms: at, state, reason, rate: 1, hidden: false, focused: true, mono_ms: 1, frames: 0, guard: {}, probes: {} });
    const heard = [];
    const told = { onReply: (reply, said, isOld) => heard.push([reply.seq, said.position_ms, isOld]), onRefused: (e) => heard.push(e.code), onNet() {} };
    const beats = new Beats(session, url, { ...told, now: () => claim("playing", "tick") });
    const say = async (reason, fails = "") => {
        lost = fails;
        beats.say(claim("playing", reason));
        await new Promise((done) => setTimeout(done, 300));
        at += fails ? 300 : 0;
        await beats.settled();
    };
    await say("play");
    for (const fails of ["question", "answer", ""]) {
        await new Promise((done) => setTimeout(done, 400));
        at += 300;
        await say("tick", fails);
    }
    await beats.close("left");
    return heard;
}"""

HEARD = """() => new Promise((there, never) => {
    const sound = document.querySelector("video");
    sound.addEventListener("timeupdate", () => sound.currentTime >= 2 && there(sound.currentTime));
    setTimeout(never, 15_000, new Error("two seconds were not heard"));
})"""
RESUMED = """() => void (window.resumed = new Promise((there, never) => {
    const cover = document.querySelector("[data-cover]");
    document.querySelector("video").addEventListener("playing", () => there(!cover.hidden), { once: true });
    setTimeout(never, 15_000, new Error("it was not resumed"));
}))"""


@dataclass(frozen=True, slots=True)
class Reader:
    """One learner before the served product."""

    page: Page
    web: Web
    host: str
    assignment: str
    lessons: list[int]
    errors: list[str]

    def open(self, lesson: int) -> None:
        self.page.goto(f"http://{self.host}:{self.web.port}/learn/{self.assignment}/{self.lessons[lesson]}")

    def start(self, lesson: int) -> None:
        self.open(lesson)
        self.page.locator("[data-act=go]").click()
        expect(self.page.locator("[data-cover]")).to_be_hidden()

    def status(self, path: str) -> int:
        return int(self.page.evaluate("async (path) => (await fetch(path)).status", path))

    def shoot(self, name: str) -> None:
        """Look at the page on a phone and on a desktop; wider than its screen is a failure."""
        folder = ROOT / "build/screens"
        folder.mkdir(parents=True, exist_ok=True)
        for size, pixels in SIZES.items():
            self.page.set_viewport_size(pixels)  # type: ignore[arg-type]
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide}px wider than the {size} screen"


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


@pytest.fixture
def reader(stage: tuple[Web, dict[str, Any]], request: pytest.FixtureRequest) -> Iterator[Reader]:
    """学员甲's browser, or that of whoever the test names."""
    web, found = stage
    who = found[getattr(request, "param", "学员甲")]
    with chromium_browser("--autoplay-policy=no-user-gesture-required") as browser:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES["desktop"])  # type: ignore[arg-type]
        for name, value in (("sessionid", who["cookie"]), ("anxue_terminal", who["device"])):
            context.add_cookies([{"name": name, "value": value, "domain": found["host"], "path": "/"}])
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.extend([said.text] if said.type == "error" else []))
        yield Reader(page, web, found["host"], who["assignment"], who["lessons"], errors)


def test_a_document_read_page_by_page_earns_its_time_and_is_done(reader: Reader) -> None:
    page = reader.page
    reader.open(0)
    reader.shoot("paper-start")
    reader.start(0)
    following = page.get_by_role("button", name="下一页")
    expect(page.locator("[data-page-no]")).to_have_text("1 / 2")
    expect(following).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-page-text]")).to_contain_text("Ventilate")
    page.keyboard.press("ArrowRight")
    page.evaluate("""() => { const next = document.querySelector('[data-act=next]'); next.ariaDisabled = 'false'; next.click();
        const range = document.querySelector('[data-range]'); range.value = range.max;
        range.dispatchEvent(new Event('input')); range.dispatchEvent(new Event('change')); }""")
    expect(page.locator("[data-page-no]")).to_have_text("1 / 2")
    expect(page.locator("[data-page-left]")).to_have_text("本页已读够时间，可以翻页", timeout=12_000)
    reader.shoot("paper-read")
    page.wait_for_timeout(1_500)
    expect(page.locator("[data-page-no]")).to_have_text("1 / 2")
    expect(page.locator("[data-cover]")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-page-no]")).to_have_text("2 / 2")
    expect(page.locator("[data-page-left]")).to_contain_text("本页还需")
    expect(page.get_by_role("button", name="完成本课")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-page-no]")).to_have_text("1 / 2")
    expect(following).to_have_attribute("aria-disabled", "false")
    following.click()
    page.get_by_role("button", name="放大").click()
    expect(page.locator("[data-page-left]")).to_have_text("已读够时间，可以完成本课", timeout=12_000)
    reader.shoot("paper-large")
    page.get_by_role("button", name="完成本课").click()
    expect(page.locator("[data-cover-title]")).to_have_text("本课已学完", timeout=10_000)
    assert page.locator("[data-credit]").inner_text() == "00:00"
    assert page.locator("[data-provisional]").inner_text() == "00:07", "earned, but no check has confirmed it yet"
    reader.shoot("paper-done")
    page.goto(f"http://{reader.host}:{reader.web.port}/learn/{reader.assignment}")
    assert "待核验" in page.locator(".ax-list-item").first.inner_text()
    assert reader.errors == []


@pytest.mark.parametrize("reader", ["学员乙"], indirect=True)
def test_a_script_that_jumps_to_the_last_page_earns_nothing_for_the_skipped_one(reader: Reader) -> None:
    reader.start(0)
    reader.page.keyboard.press(" ")
    expect(reader.page.locator("[data-cover-title]")).to_have_text("已暂停")
    reader.open(0)
    told = reader.page.evaluate(FORGE, [reader.assignment, reader.lessons[0]])
    assert [reply["command"] for reply in told["replies"]][1] == "seek", told
    assert told["replies"][-1]["command"] == "seek", told
    assert told["covered_ms"] <= 4_000
    assert told["furthest_ms"] < 4_000, told


@pytest.mark.req("R2.5")
@pytest.mark.parametrize("reader", ["学员乙"], indirect=True)
def test_a_beat_whose_question_or_answer_was_lost_is_neither_paid_twice_nor_forgotten(reader: Reader) -> None:
    reader.open(1)
    heard = reader.page.evaluate(BAD_LINE, [reader.assignment, reader.lessons[1]])
    assert heard == [
        [1, 0, False],
        [2, 600, False],  # never arrived: said anew, as it is now
        [3, 900, True],  # had arrived: its first answer again
        [4, 1_500, False],
    ], heard


@pytest.mark.parametrize("reader", ["学员乙"], indirect=True)
def test_a_document_stands_still_while_nobody_looks(reader: Reader) -> None:
    page = reader.page
    reader.start(0)
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    expect(page.locator("[data-cover-title]")).to_have_text("窗口不在最前，已自动暂停")
    before = page.locator("[data-range]").input_value()
    page.wait_for_timeout(1_200)
    assert page.locator("[data-range]").input_value() == before
    assert page.locator("[data-paper]").get_attribute("inert") is not None
    page.keyboard.press(" ")
    expect(page.locator("[data-cover]")).to_be_hidden()


def test_a_recording_plays_with_title_and_captions_and_earns_its_time(reader: Reader) -> None:
    page = reader.page
    reader.open(1)
    reader.shoot("sound-start")
    with page.expect_response(lambda reply: reply.url.endswith("/beats")) as first:
        reader.start(1)
    before = first.value.json()["unproven_ms"]  # what waited for a check already
    page.evaluate(HEARD)
    assert page.evaluate("document.querySelector('video').textTracks[0].activeCues[0].text").startswith("进入受限空间前")
    page.keyboard.press(" ")
    expect(page.locator("[data-cover-title]")).to_have_text("已暂停")
    reader.shoot("sound")
    page.keyboard.press("?")
    expect(page.locator("#player-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("+")
    page.keyboard.press("c")
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "hidden"
    assert page.evaluate("[localStorage.getItem('ax-player-captions'), localStorage.getItem('ax-player-size')]") == ["off", "l"]
    page.evaluate(RESUMED)
    page.keyboard.press(" ")
    assert page.evaluate("window.resumed") is False, "covered"  # the end is near: looking now and then could miss it
    expect(page.locator("[data-cover-title]")).to_have_text("本课已学完", timeout=40_000)
    assert int(page.locator("[data-provisional]").inner_text()[-2:]) - before // 1000 in {7, 8}
    assert reader.errors == []
