"""A real browser before the real product."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from infra.wiring import chromium
from tests.journeys.stage import Product, whole_product
from tests.web import ROOT, Web

expect.set_options(timeout=20_000)  # the machine is busy with all other tests meanwhile
SCREENS = ROOT / "build/screens"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 780}}


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Web and worker with demo data."""
    with whole_product(Path(os.environ.get("ANXUE_JOURNEY_FOLDER") or ROOT / "build/journeys")) as web:
        yield web


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; playwright itself must not see pytest's event loop settings."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=str(chromium.path()),
            env={**os.environ, **chromium.environment()},
            args=[*chromium.ARGUMENTS, "--autoplay-policy=no-user-gesture-required"],
        )
        yield found
        found.close()


class Person:
    """One person at one screen: goes to pages, takes pictures, reads text messages."""

    def __init__(self, context: BrowserContext, web: Web, size: str) -> None:
        self.context, self.web, self.size = context, web, size
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("request", self._note_stranger)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console", lambda said: said.type == "error" and self.problems.append(f"{self.page.url}: {said.text} {said.location}")
        )

    def _note_stranger(self, asked: Request) -> None:
        """A page that asks anybody but ourselves is a failure (clause 二.6)."""
        parts = urlsplit(asked.url)
        if parts.scheme not in {"blob", "data"} and not (parts.hostname or "").endswith(".localhost"):
            self.problems.append(f"{self.page.url} asked {asked.url}")

    def url(self, host: str, path: str) -> str:
        """Return the address of a page on ``host`` (``anxue`` is the platform)."""
        return f"http://{host}.localhost:{self.web.port}{path}"

    def go(self, host: str, path: str) -> None:
        """Open a page."""
        self.page.goto(self.url(host, path))

    def shoot(self, name: str) -> None:
        """Take a picture of the whole page; a page wider than its screen is a failure."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")  # else what sticks to the window hides the middle
        self.page.wait_for_timeout(250)
        self.page.screenshot(path=SCREENS / f"{name}-{self.size}.png", full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide}px wider than the {self.size} screen"

    def code_for(self, mobile: str) -> str:
        """Read the newest code sent to ``mobile`` from the dev outbox."""
        outbox = self.context.new_page()
        outbox.goto(self.url("anxue", "/dev/outbox"))
        code = outbox.locator(f'[data-code-for="{mobile}"]').first.inner_text()
        outbox.close()
        return code


def seated(browser: Browser, product: Product, size: str) -> Person:
    """Return a person at a ``desktop`` or ``phone``, with cookies of their own."""
    is_phone = size == "phone"
    shown = {"viewport": SIZES[size], "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
    context = browser.new_context(**shown, is_mobile=is_phone, has_touch=is_phone)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    return Person(context, product, size)


@pytest.fixture
def person(browser: Browser, product: Product) -> Iterator[Callable[[str], Person]]:
    """Make people, each at a ``desktop`` or ``phone`` of their own."""
    made: list[Person] = []

    def make(size: str) -> Person:
        made.append(seated(browser, product, size))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
