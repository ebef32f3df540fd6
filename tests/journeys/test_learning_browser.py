"""Before the player in a real browser: a broken line loses nothing or says so, leaving pauses, only one page learns, checks of presence
confirm or void, a killed browser and another device go on where the server stood. Pictures go to `build/screens/`.

One line is cut at the beginning and comes back in a later test, so that its minute is not waited for alone.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from infra.wiring import chromium
from tests.journeys import learners
from tests.journeys.conftest import SIZES, Person, seated
from tests.journeys.learners import Seat
from tests.journeys.stage import Product

BEAT_MS = 18_000
"""The longest time to the next beat (`rules.BEAT_S`)."""
SLACK_MS = 3_000
"""What a busy machine may be late."""
LEAVE = """async (how) => { const film = document.querySelector('video'); const began = performance.now();
    if (how === 'hidden') Object.defineProperty(document, 'visibilityState', {get: () => 'hidden', configurable: true});
    if (how === 'hidden') document.dispatchEvent(new Event('visibilitychange'));
    else window.dispatchEvent(new Event(how));
    while (!film.paused && performance.now() - began < 3000) await new Promise((done) => setTimeout(done, 10));
    delete document.visibilityState;
    return performance.now() - began; }"""


@pytest.fixture(scope="module")
def seats(product: Product) -> list[Seat]:
    """Four learners with a plan each."""
    return learners.seats(product, 4)


@dataclass
class CutOff:
    """学员乙, whose line was cut at ``since`` when the film stood at ``at_ms``."""

    person: Person
    page: Page
    since: float
    at_ms: int


@pytest.fixture(scope="module")
def cut_off(browser: Browser, product: Product, seats: list[Seat]) -> Iterator[CutOff]:
    """Somebody who watches while the line is cut."""
    who = seated(browser, product, "phone")
    page = seats[1].sit(who.context, product)
    learners.begin(page)
    reach(page, 5_000)
    who.context.set_offline(True)
    yield CutOff(who, page, time.monotonic(), at_ms(page))
    who.context.close()


def at_ms(page: Page) -> int:
    """Where the film stands."""
    return round(page.evaluate("document.querySelector('video').currentTime * 1000"))


def is_paused(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('video').paused"))


def until(page: Page, what: Callable[[], bool], *, within_s: int = 30) -> None:
    for _ in range(within_s * 10):
        if what():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came")


def reach(page: Page, ms: int) -> None:
    """Let the film run up to ``ms``."""
    until(page, lambda: at_ms(page) >= ms, within_s=ms // 1000 + 20)


@pytest.mark.req("R2.4", "R2.5")
def test_a_line_cut_for_20_s_costs_nothing(browser: Browser, product: Product, seats: list[Seat], cut_off: CutOff) -> None:
    who = seated(browser, product, "desktop")
    page = seats[0].sit(who.context, product)
    learners.begin(page)
    reach(page, 3_000)
    who.context.set_offline(True)
    expect(page.locator("[data-net]")).to_contain_text("已连续离线")
    page.wait_for_timeout(20_000)
    who.shoot("player-offline")
    assert not is_paused(page)
    who.context.set_offline(False)
    with page.expect_response(lambda got: got.url.endswith("/beats") and got.ok):
        pass
    expect(page.locator("[data-net]")).to_be_hidden()
    assert not is_paused(page)
    assert at_ms(page) >= 20_000
    assert at_ms(page) - seats[0].sum_of("credited_ms") <= SLACK_MS
    assert all("INTERNET_DISCONNECTED" in said for said in who.problems)
    who.context.close()


@pytest.mark.req("R2.4")
def test_leaving_the_page_pauses_within_a_second_and_says_why(
    person: Callable[[str], Person], product: Product, seats: list[Seat]
) -> None:
    who = person("desktop")
    page = seats[2].sit(who.context, product)
    learners.begin(page)
    reach(page, 1_000)
    for how, title in (("hidden", "您离开了播放页面，已自动暂停"), ("blur", "窗口不在最前，已自动暂停")):
        assert page.evaluate(LEAVE, how) < 1_000
        expect(page.locator("[data-cover-title]")).to_have_text(title)
        page.locator("[data-act=go]").click()
        expect(page.locator("[data-cover]")).to_be_hidden()
    minimise(page)
    until(page, lambda: is_paused(page), within_s=1)
    expect(page.locator("[data-cover-title]")).to_have_text("窗口不在最前，已自动暂停")
    who.shoot("player-left")
    page.locator(".lp-mark").evaluate("(mark) => mark.remove()")
    expect(page.locator(".lp-mark span").first).to_contain_text("学**")


def minimise(page: Page) -> None:
    """Put the window away as a person would; Playwright otherwise pretends that every page has the keyboard."""
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    window = line.send("Browser.getWindowForTarget")["windowId"]
    line.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"windowState": "minimized"}})
    line.detach()


@pytest.mark.req("R2.3")
def test_a_second_tab_takes_the_lesson_over_at_once(person: Callable[[str], Person], product: Product, seats: list[Seat]) -> None:
    who = person("phone")
    page = seats[2].sit(who.context, product)
    learners.begin(page)
    other = who.context.new_page()
    other.goto(page.url)
    learners.begin(other)
    expect(page.locator("[data-cover-title]")).to_have_text("您已在另一处开始学习", timeout=1_000)
    assert is_paused(page)
    assert not is_paused(other)
    who.shoot("player-taken")
    assert who.problems == []


@pytest.mark.req("R2.2", "R2.4")
def test_a_passed_check_confirms_and_a_missed_one_voids(
    person: Callable[[str], Person], product: Product, seats: list[Seat]
) -> None:
    who, seat = person("phone"), seats[3]
    page = seat.sit(who.context, product)
    learners.begin(page)
    reach(page, 4_000)
    seat.expect_check_soon()
    page.keyboard.press("k")
    page.locator("[data-act=go]").click()
    expect(page.locator("[data-check-form]")).to_be_visible()
    assert is_paused(page)
    who.shoot("player-check")
    learners.answer(page, seat.truth)
    expect(page.locator("dialog.lp-check")).to_be_hidden()
    until(page, lambda: not is_paused(page))
    confirmed = seat.sum_of("confirmed_ms")
    assert confirmed >= 3_000
    assert seat.sum_of("credited_ms") == confirmed

    reach(page, 9_000)
    seat.expect_check_soon()
    page.keyboard.press("k")
    page.locator("[data-act=go]").click()
    learners.answer(page, seat.truth, wrongly=True)
    expect(page.locator("[data-check-news]")).to_contain_text("再试一次")
    learners.answer(page, seat.truth, wrongly=True)
    expect(page.locator("[data-cover-title]")).to_have_text("这次在场确认没有完成")
    expect(page.locator("[data-cover-text]")).to_contain_text("不计入学时")
    who.shoot("player-missed")
    assert is_paused(page)
    assert seat.sum_of("credited_ms") == confirmed
    assert seat.sum_of("voided_ms") >= 3_000
    until(page, lambda: at_ms(page) <= confirmed + SLACK_MS, within_s=5)

    page.locator("[data-act=go]").click()  # the way back is a check that is passed
    learners.answer(page, seat.truth)
    until(page, lambda: not is_paused(page))


@contextmanager
def own_browser(browser: Browser, profile: Path) -> Iterator[BrowserContext]:
    """Run a browser of its own that keeps its cookies in ``profile``."""
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=str(chromium.path()),
        env={**os.environ, **chromium.environment()},
        args=[*chromium.ARGUMENTS, "--autoplay-policy=no-user-gesture-required"],
        viewport=SIZES["desktop"],  # type: ignore[arg-type]
        locale="zh-CN",
    )
    yield context
    with suppress(Error):  # it may have been killed
        context.close()


def kill(profile: Path) -> None:
    """``kill -9`` every process of the browser that lives in ``profile``."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(profile).encode() in entry.read_bytes():
                os.kill(int(entry.parent.name), signal.SIGKILL)


@pytest.mark.req("R2.5")
def test_a_killed_browser_and_then_a_phone_go_on_with_at_most_one_beat_lost(
    browser: Browser, person: Callable[[str], Person], product: Product, seats: list[Seat], tmp_path: Path
) -> None:
    seat, profile = seats[2], tmp_path / "profile"
    with own_browser(browser, profile) as context:
        page = seat.sit(context, product)
        learners.begin(page)
        page.wait_for_timeout(BEAT_MS + 1_000)
        lost = at_ms(page)
        kill(profile)
    with own_browser(browser, profile) as context:
        page = seat.sit(context, product)
        learners.begin(page)
        assert lost - BEAT_MS - SLACK_MS <= at_ms(page) <= lost
        phone = person("phone")
        moved = seat.sit(phone.context, product, device=1)
        left = at_ms(page)
        learners.begin(moved)
        assert left - BEAT_MS - SLACK_MS <= at_ms(moved) <= left + SLACK_MS
        page.keyboard.press("k")  # whatever it says next, it hears who learns now
        expect(page.locator("[data-cover-title]")).to_have_text("您已在另一处开始学习")
        assert not is_paused(moved)
        assert phone.problems == []


@pytest.mark.req("R2.4", "R2.5")
def test_a_line_cut_for_a_minute_says_so_and_goes_on_from_what_was_confirmed(cut_off: CutOff, seats: list[Seat]) -> None:
    page = cut_off.page
    expect(page.locator("[data-cover-title]")).to_have_text("网络断开超过 40 秒，已暂停", timeout=45_000)
    cut_off.person.shoot("player-silent")
    page.wait_for_timeout(max(0, 60 - (time.monotonic() - cut_off.since)) * 1000)
    expect(page.locator("[data-net]")).to_contain_text("超过 40 秒的间隔不计学时")
    assert page.locator("[data-act=go]").is_disabled()
    cut_off.person.context.set_offline(False)
    expect(page.locator("[data-cover-title]")).to_have_text("网络恢复了", timeout=15_000)
    until(page, lambda: at_ms(page) <= cut_off.at_ms, within_s=5)
    assert seats[1].sum_of("credited_ms") <= cut_off.at_ms
    page.locator("[data-act=go]").click()
    expect(page.locator("[data-cover]")).to_be_hidden()
    assert not is_paused(page)
