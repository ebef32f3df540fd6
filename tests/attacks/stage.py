"""The product served beside the test, one Chromium, and cheats who all sit before it at the same time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, sync_playwright

from infra.wiring import chromium
from infra.wiring.embedded import services
from tests.product import own_environment, prepared, run
from tests.web import Web, serving

LASTS_S = 12
"""How long each attack goes on: most of a beat's interval, the next beat comes when it ends."""
WINDOW = {"width": 720, "height": 450}
"""Small: without a graphics card it costs a good deal to paint a dozen films at once."""


@dataclass(frozen=True, slots=True)
class Attack:
    """What a cheat's script does in a real browser.

    ``before`` runs before the page's own scripts, ``during`` once the film plays. ``away`` takes the window's focus as well.
    ``pretends``: nobody watches at all, so whatever is confirmed is gained. ``path``: a page other than the lesson, whose button is
    ``[data-go]``; the attack lasts until ``answer`` (part of an address) was answered.
    """

    name: str
    defence: str
    before: str = ""
    during: str = ""
    alerts: tuple[str, ...] = ()
    away: bool = False
    pretends: bool = False
    tabs: int = 1
    path: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: how long the film could run at most, and what the server holds."""

    watched_ms: int
    counted_ms: int
    confirmed_ms: int
    alerts: frozenset[str]


@dataclass
class Seat:
    """One cheat with an attack in a browser context of their own."""

    attack: Attack
    who: dict[str, Any]
    context: BrowserContext
    pages: list[Page]
    began: float = 0
    ended: float = 0
    refused: list[Response] = field(default_factory=list)
    answered: bool = False

    def open(self, web: Web, host: str) -> None:
        for page, lesson in zip(self.pages, (self.who["lesson"], self.who["second"]), strict=False):
            page.on("response", self._note)
            page.goto(f"http://{host}:{web.port}{self.attack.path or '/learn/{}/{}'.format(self.who['assignment'], lesson)}")

    def _note(self, answer: Response) -> None:
        if answer.status >= 400 and "/api/" in answer.url:
            self.refused.append(answer)
        if self.attack.answer and self.attack.answer in answer.url:
            self.answered = True

    def start(self) -> None:
        self.began = time.monotonic()
        for page in self.pages:
            page.evaluate("document.querySelector('[data-act=go], [data-go]').click()")  # covered or not, as a script does

    def act(self) -> None:
        """Wait for the film, then do the deed."""
        for page in self.pages[-1:]:
            if not self.attack.path:
                until(page, lambda page=page: page.evaluate("document.querySelector('video').currentTime > 0.2"))  # type: ignore[misc]
            if self.attack.away:
                away(page)
            if self.attack.during:
                page.evaluate(self.attack.during)

    def end(self) -> None:
        """Stop as a learner would, so that the last interval is told to the server."""
        if self.attack.answer:
            until(self.pages[-1], lambda: self.answered)
        self.ended = time.monotonic()
        for page in self.pages:
            page.evaluate("document.querySelector('[data-act=toggle]')?.click()")

    def told(self) -> set[str]:
        """Return the codes of the refusals that the browser got; an answer nobody kept has none."""
        found = set()
        for answer in self.refused:
            with suppress(Error, ValueError):
                found.add(answer.json()["code"])
        return found

    @property
    def lasted_ms(self) -> int:
        return round((self.ended - self.began) * 1000)


def until(page: Page, what: Callable[[], bool], tries: int = 150) -> None:
    """Wait for something, at most 15 s; whatever is not there by then shows in what the attack gained."""
    for _ in range(tries):
        if what():
            return
        page.wait_for_timeout(100)


def away(page: Page) -> None:
    """Take the focus from the page's window for real: the browser no longer pretends that it has it."""
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    window = line.send("Browser.getWindowForTarget")["windowId"]
    line.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"windowState": "minimized"}})


class Stage:
    """A served product with as many learners as there are attacks."""

    def __init__(self, web: Web, environment: dict[str, str], found: dict[str, Any]) -> None:
        self.web, self.environment, self.found = web, environment, found

    def play(self, browser: Browser, attacks: Sequence[Attack]) -> dict[str, Outcome]:
        """Let all attacks run at the same time; return what each gained."""
        seats = [self._seat(browser, attack, who) for attack, who in zip(attacks, self.found["learners"], strict=False)]
        for seat in seats:
            seat.open(self.web, self.found["host"])
        for step in (Seat.start, Seat.act):
            for seat in seats:
                step(seat)
        seats[-1].pages[-1].wait_for_timeout(LASTS_S * 1000)
        for seat in seats:
            seat.end()
        seats[-1].pages[-1].wait_for_timeout(2_500)  # the last beats are on their way
        told = {seat.attack.name: seat.told() for seat in seats}
        for seat in seats:
            seat.context.close()
        held = json.loads(run(self.environment, "-m", "tests.attacks.prepare", "earned").splitlines()[-1])
        return {seat.attack.name: _outcome(seat, told[seat.attack.name], held[str(seat.who["learner"])]) for seat in seats}

    def _seat(self, browser: Browser, attack: Attack, who: dict[str, Any]) -> Seat:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=WINDOW)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        context.grant_permissions(["camera"])
        cookies = who["cookies"].items()
        context.add_cookies(
            [{"name": name, "value": value, "domain": self.found["host"], "path": "/"} for name, value in cookies]
        )
        if attack.before:
            context.add_init_script(attack.before)
        return Seat(attack, who, context, [context.new_page() for _ in range(attack.tabs)])


def _outcome(seat: Seat, told: set[str], held: dict[str, Any]) -> Outcome:
    return Outcome(seat.lasted_ms, held["counted_ms"], held["confirmed_ms"], frozenset({*held["alerts"], *told}))


@contextmanager
def chromium_with_a_camera(shows: Path) -> Iterator[Browser]:
    """Start Chromium with a camera that shows a Motion JPEG over and over."""
    camera = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={shows}",
    )
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=str(chromium.path()),
            env={**os.environ, **chromium.environment()},
            args=[*chromium.ARGUMENTS, "--autoplay-policy=no-user-gesture-required", *camera],
        )
        yield browser
        browser.close()


@contextmanager
def served(folder: Path, learners: int) -> Iterator[Stage]:
    """Start services of its own, prepare the learners, serve the product until the block ends."""
    environment = own_environment(folder)
    try:
        known = prepared(environment, "-m", "tests.attacks.prepare", str(learners))
        with serving(environment, log=folder / "web.log", workers=1, threads=8) as web:
            yield Stage(web, environment, known)
    finally:
        services.remove_all(folder)
