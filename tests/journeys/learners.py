"""Learners of the demo enterprise with a plan and a proof of their own, and what they do before the player."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import psycopg
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import people
from tests.journeys.stage import Product
from tests.web import ROOT

_PATIENCE_MS = 20_000
"""A machine that also encodes films and runs the other tests may take its time."""
_SEATS = """
import django; django.setup()
import json, sys
from datetime import timedelta
from django.test import Client
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.wiring.devdata import DEMO
from public.catalogue import api as catalogue
from tenants import sites
from tenants.api import Credential
from tenants.scope import enterprise_scope
found, host, now = [], sites.host_of(DEMO.subdomain), clock.now()
with enterprise_scope(sites.resolve(host)):
    course = next(card for card in catalogue.published() if card.code == "AQ-CY-C-TS-0021-A")
    wanted = next(row for row in catalogue.requirements(on=now.date()) if row.code == "CY-GEN" and row.stage == "ANNUAL")
    for person in json.loads(sys.argv[1]):
        learner = people.add_learner(**person, at=now)
        people.choose_method(learner_id=learner.id, method="code", at=now)
        order = plans.PlanOrder(title=f"在场 {person['mobile'][-4:]}", requirement_id=wanted.id, version_ids=[course.version_id],
            exam_needed=False, due_on=(now + timedelta(days=30)).date())
        plans.open_plan(order=order, who=plans.Who("picked", learner_ids=[learner.id]), by="安全员", at=now)
        school = plans.assignments_of(learner.id)[0]
        path = f"/learn/{school.uuid}/{school.courseware_ids[0]}"
        terminals = []
        for _n in range(2):
            browser = Client(headers={"host": host})
            browser.force_login(Credential.objects.by_login(person["mobile"]))
            for _visit in range(2):  # the first one names the terminal
                request = browser.get(path).wsgi_request
            people.note_proof(learner_id=learner.id, terminal=people.terminal_of(request), method="code", at=now)
            terminals.append({key: one.value for key, one in browser.cookies.items()})
        found.append({"id": learner.id, "path": path, "terminals": terminals})
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Truth:
    """What the server knows of the learners of one enterprise; read as the owner of its tables."""

    database: str
    schema: str

    def ask(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of one statement."""
        with psycopg.connect(self.database, autocommit=True) as link:
            link.execute("SELECT set_config('search_path', %s, false)", [self.schema])
            done = link.execute(sql, values)
            return done.fetchall() if done.description else []

    def asked(self, check: str) -> dict[str, Any]:
        """Return what a shown check asks, with its answer: ``code`` and ``answer``."""
        found = self.ask("SELECT content FROM learning_presencecheck WHERE uuid = %(check)s", check=check)
        return dict(found[0][0])


@dataclass(frozen=True, slots=True)
class Seat:
    """A learner who may open the lesson at ``path``; ``terminals`` are the cookies of two devices a proof was given on."""

    id: int
    path: str
    terminals: list[dict[str, str]]
    truth: Truth

    def sit(self, context: BrowserContext, product: Product, *, device: int = 0) -> Page:
        """Open the lesson in a browser that is one of the learner's devices."""
        host = f"http://demo.localhost:{product.port}"
        context.add_cookies([{"name": name, "value": value, "url": host} for name, value in self.terminals[device].items()])
        page = context.pages[0] if context.pages else context.new_page()
        page.goto(host + self.path)
        return page

    def expect_check_soon(self) -> None:
        """Let the next check be due with the next beat that pays."""
        self.truth.ask("UPDATE learning_proofstate SET due_ms = 0 WHERE learner_id = %(learner)s", learner=self.id)

    def sum_of(self, column: str) -> int:
        """Return the milliseconds in a column of the learner's sessions: ``credited_ms``, ``confirmed_ms`` or ``voided_ms``."""
        sql = f"SELECT coalesce(sum({column}), 0) FROM learning_studysession WHERE learner_id = %(learner)s"
        return int(self.truth.ask(sql, learner=self.id)[0][0])


def truth_of(product: Product, subdomain: str) -> Truth:
    """Return the truth of the enterprise at ``subdomain``."""
    public = Truth(product.owner_url, "public")
    return Truth(
        product.owner_url,
        str(public.ask("SELECT schema_name FROM tenants_enterprise WHERE subdomain = %(name)s", name=subdomain)[0][0]),
    )


def seats(product: Product, count: int) -> list[Seat]:
    """Make ``count`` new learners of the demo enterprise with a plan each."""
    rows = [{"name": "学员甲", "id_number": people.resident_id(), "mobile": people.mobile()} for _n in range(count)]
    command = [sys.executable, "-c", _SEATS, json.dumps(rows)]
    done = subprocess.run(command, cwd=ROOT, env={**product.environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    truth = truth_of(product, "demo")
    return [Seat(**one, truth=truth) for one in json.loads(done.stdout.splitlines()[-1])]


def begin(page: Page) -> None:
    """Press the button that lies over the film; choose the text message where the way to prove oneself was not chosen yet."""
    lesson = page.url
    page.locator("[data-act=go]").click()
    consent = page.get_by_role("button", name="用短信验证码")
    expect(consent.or_(page.locator("[data-cover][hidden]"))).to_be_attached(timeout=_PATIENCE_MS)
    if consent.count():
        consent.click()
        page.wait_for_url(lesson)
        page.locator("[data-act=go]").click()
    expect(page.locator("[data-cover]")).to_be_hidden(timeout=_PATIENCE_MS)


def newest_check(page: Page) -> str:
    """Return the number of the check that the page asked for last: it stands in the address."""
    asked = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name).filter((name) => name.includes('/checks/'))"
    )
    return str(asked[-1].rsplit("/", 1)[1])


def answer(page: Page, truth: Truth, *, wrongly: bool = False) -> str:
    """Answer the open check and return its number."""
    expect(page.locator("[data-check-form]")).to_be_visible(timeout=25_000)
    check = newest_check(page)
    found = truth.asked(check)
    right = found["code"]
    page.locator("#check-code").fill(right if not wrongly else f"{(int(right) + 1) % 10_000:04d}")
    for key in found["answer"]:
        page.locator(f'[data-check-options] input[value="{key}"]').check()
    page.locator("dialog.lp-check button[type=submit]").click()
    return check


def watch_to_the_end(page: Page, truth: Truth, *, within_s: int = 120) -> None:
    """Watch the open lesson, answering every check that comes."""
    done = page.locator("[data-cover-title]", has_text="本课已学完")
    for _turn in range(20):
        expect(done.or_(page.locator("dialog.lp-check[open]")).first).to_be_visible(timeout=within_s * 1000)
        if not page.locator("dialog.lp-check[open]").count():
            return
        check = answer(page, truth)
        for _look in range(200):  # gone, or already the next one
            if not page.locator("dialog.lp-check[open]").count() or newest_check(page) != check:
                break
            page.wait_for_timeout(100)
    raise AssertionError("asked for ever")
