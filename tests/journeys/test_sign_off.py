"""A worker on a phone signs the record of a finished training with a finger; without a network the app says what to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from infra.wiring.demo_accounts import PASSWORD
from infra.wiring.devdata import OWNER_MOBILE
from tests.journeys import people
from tests.journeys.conftest import Person
from tests.journeys.stage import Product
from tests.web import ROOT

_FINISH = """
import django; django.setup()
import json, sys
from infra.wiring.demo_accounts import PASSWORD
from infra.wiring.devdata import DEMO
from tenants import sites
from tenants.scope import enterprise_scope
from tests.journeys.walk import finish_training
with enterprise_scope(sites.resolve(sites.host_of(DEMO.subdomain))):
    someone, duty = finish_training(json.loads(sys.argv[1]), password=PASSWORD)
print(duty.uuid)
"""


def finish(product: Product, mobile: str) -> str:
    numbers = {"id_number": people.resident_id(), "mobile": mobile}
    environment = {**product.environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    command = [sys.executable, "-c", _FINISH, json.dumps(numbers)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split()[-1]


def write(page: Page) -> None:
    """Write something like a name into the field, once it stands still and nothing lies over it."""
    canvas = page.locator("[data-sign-canvas]")
    for start in (0.2, 0.5):
        canvas.hover(position={"x": 290 * start, "y": 40})
        box = canvas.bounding_box()
        assert box
        page.mouse.down()
        for step in range(8):
            across = start + 0.03 * step
            page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * (0.3 + 0.4 * (step % 2)))
        page.mouse.up()


def enter(person: Person, mobile: str, place: str) -> None:
    """Sign in with the demo's password and arrive."""
    person.go("demo", "/sign-in")
    person.page.fill('[name="mobile"]', mobile)
    person.page.fill('[name="password"]', PASSWORD)
    person.page.get_by_role("button", name="登录", exact=True).click()
    person.page.wait_for_url(re.compile(place))


@pytest.mark.req("R4.1", "R2.9")
def test_a_worker_signs_with_a_finger_and_the_app_stands_without_a_network(person, product):
    mobile = people.mobile()
    duty = finish(product, mobile)
    learner, manager = person("phone"), person("desktop")
    page = learner.page
    enter(learner, mobile, r"/learn$")
    learner.shoot("home-to-sign")
    page.get_by_role("link", name=re.compile("去签名")).click()
    page.wait_for_url(re.compile(f"/learn/sign/{duty}"))
    learner.shoot("sign")
    page.get_by_role("button", name="确认签名").first.click()
    expect(page.get_by_text("没有看到签名").first).to_be_visible()
    page.get_by_role("checkbox", name="我已核对，记录属实").first.check()
    write(page)
    learner.shoot("sign-written")
    page.get_by_role("button", name="清除重写").click()
    expect(page.locator("[data-sign-pad]")).not_to_have_class(re.compile("is-written"))
    write(page)
    page.get_by_role("button", name="确认签名").first.click()
    expect(page.get_by_text("已签名").first).to_be_visible()
    picture = page.locator("img.ps-picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.naturalWidth") == 500
    learner.shoot("signed")
    for name, path in {"plans": "/learn/plans", "me": "/learn/me", "archive-signed": "/learn/archive"}.items():
        learner.go("demo", path)
        learner.shoot(name)
    enter(manager, OWNER_MOBILE, "/console")
    manager.go("demo", "/console/signing?state=ALL")
    expect(manager.page.get_by_text("已签名").last).to_be_visible()
    manager.shoot("console-signing")
    problems = [said for said in learner.problems if "status of 422" not in said]
    assert problems == []

    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    kept = page.evaluate("async () => (await Promise.all((await caches.keys()).map(async (name) =>"
                         " (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()")  # fmt: skip
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline"]
    learner.go("demo", "/learn")
    learner.context.set_offline(True)
    page.goto(learner.url("demo", "/learn/archive"))
    expect(page.get_by_text("现在没有网络")).to_be_visible()
    learner.shoot("offline")
    learner.context.set_offline(False)
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_role("heading", name="证书档案")).to_be_visible()
    learner.go("demo", "/learn/me")
    page.locator("main").get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/sign-in"))
    assert page.evaluate("async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length]") == [
        [],
        0,
    ]
