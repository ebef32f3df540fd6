"""One person's browser before the served product, looked at on both screens: for tests that begin with a signed-in page."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.web import ROOT, Web

SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
PASSWORD = "Ke-kao-2026"  # of houses that live as long as a test
CHARTS_GROW_MS, SETTLES_MS = 1200, 60


class Screen:
    """A browser of its own cookies; ``errors`` is what its pages' scripts complained of, and the console unless ``quiet``.

    ``prefix`` stands before the names of pictures.
    """

    prefix = ""
    quiet = False

    def __init__(self, browser: Browser, web: Web, host: str, size: str = "desktop") -> None:
        self.context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES[size])  # type: ignore[arg-type]
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.origin, self.size = f"http://{host}:{web.port}", size
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        if not self.quiet:
            self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.origin}{path}")

    def sign_in(self, mobile: str, home: str) -> None:
        """Sign in by password and arrive."""
        self.go("/sign-in")
        self.page.fill("#id_password", PASSWORD)
        self.page.fill("#id_mobile", mobile)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(f"{self.origin}{home}")

    def shoot(self, name: str, wait: str = "", *, whole: bool = True) -> None:
        """Look at the page on both screens; wider than its screen is a failure.

        :param wait: what must be seen first
        """
        folder = ROOT / "build/screens"
        folder.mkdir(parents=True, exist_ok=True)
        for size, pixels in SIZES.items():
            self.page.set_viewport_size(pixels)  # type: ignore[arg-type]
            if wait:
                expect(self.page.locator(wait).first).to_be_visible()
            self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
            self.grown()
            self.page.screenshot(path=folder / f"{self.prefix}{name}-{size}.png", full_page=whole, animations="disabled")
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide}px wider than the {size} screen"
        self.page.set_viewport_size(SIZES[self.size])  # type: ignore[arg-type]

    def grown(self) -> None:
        """Let what moves come to rest."""
        self.page.wait_for_timeout(CHARTS_GROW_MS if self.page.locator("canvas").count() else SETTLES_MS)
