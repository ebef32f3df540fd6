"""No page has a barrier: axe-core looks at every page that somebody can open, on a desktop and a phone (WCAG 2.2 A and AA)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser

from tests.journeys import walk
from tests.journeys.conftest import SIZES
from tests.journeys.stage import Product
from tests.web import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
_LOOK = """
async () => {
  const only = {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]};
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false});
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) => ({
    rule: one.id, help: one.help, nodes: one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`)}));
}
"""


def test_no_page_has_a_serious_barrier(browser: Browser, product: Product) -> None:
    everybody = walk.prepare(product)
    assert {name for name, one in everybody.items() if one["paths"]} >= {"learner", "owner", "visitor", "author", "operations"}
    barriers = [line for one in everybody.values() for line in _barriers(browser, product, one)]
    (ROOT / "build/barriers.txt").write_text("\n".join(barriers), "utf-8")  # pytest cuts long lists short
    assert sorted(barriers) == []


def _barriers(browser: Browser, product: Product, one: dict[str, Any]) -> list[str]:
    host = f"http://{one['host']}:{product.port}"
    shown = {"viewport": SIZES["desktop"], "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
    context = browser.new_context(**shown, bypass_csp=True, service_workers="block")  # type: ignore[arg-type]
    context.add_cookies([{"name": name, "value": value, "url": host} for name, value in one["cookies"].items()])
    context.add_init_script(path=AXE)
    page, found = context.new_page(), []
    for path in one["paths"]:
        page.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
        page.goto(host + path)
        for size, pixels in SIZES.items():
            page.set_viewport_size(pixels)  # type: ignore[arg-type]
            found += [f"{path} {size} {wrong['rule']}: {'; '.join(wrong['nodes'])}" for wrong in page.evaluate(_LOOK)]
    context.close()
    return found
