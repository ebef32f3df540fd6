"""A film stops on a phone and asks; answered by the keyboard, it goes on, and nothing was counted meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.product import Served, chromium_browser, product

pytestmark = pytest.mark.req("R2.8")
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
from public.catalogue import api as catalogue
from public.catalogue.media import storage_name
from public.catalogue.models import Courseware, MediaAsset
from public.questions import api as questions
from tenants.api import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, device_of, enrol
from tests.apps.learning.quizzes import ground
from tests.public.uploads.ground import clip
from tests.tenants.ground import open_for_test

site = open_for_test("points")
version = ground.publish(places=((6_000, "again"),))
folder = pathlib.Path(tempfile.mkdtemp())
made = MediaPipeline().prepare(
    kind="VIDEO", content_type="video/mp4", source=clip(folder / "film.mp4", seconds=14), folder=folder / "film", told=lambda *_: None
)
with platform_scope():
    lesson = Courseware.objects.filter(version_id=version).order_by("no").first()
    media = MediaAsset.objects.get(pk=lesson.media_id)
    for path in made.files:
        default_storage.save(storage_name(media.uuid, path.name), ContentFile(path.read_bytes()))
    sealed = crypto.seal(b"".join(made.keys), secret=settings.SEALING_SECRET, owner="platform", purpose=f"media/{media.uuid}")
    MediaAsset.objects.filter(pk=media.pk).update(duration_ms=made.duration_ms, package=made.package, keys_sealed=sealed)
    ref = questions.Ref(*catalogue.points_of(lesson.pk)[0].questions[0])
    item = questions.items([ref])[ref]
with enterprise_scope(site):
    school = enrol(A, version, due_on=clock.shanghai_date(clock.now() + timedelta(days=30)))
    browser = Client(headers={"host": site.host})
    browser.force_login(Credential.objects.by_login(A["mobile"]))
    print(json.dumps({
        "host": site.host, "cookie": browser.cookies["sessionid"].value, "device": device_of(school), "assignment": str(school.assignment.uuid),
        "lesson": school.first, "quiz": school.assignment.quiz_ids[0],
        "right": [one["text"] for one in item["options"] if one["key"] in item["answer"]],
        "wrong": next(one["text"] for one in item["options"] if one["key"] not in item["answer"]),
    }))
"""
GOES_ON = """film => new Promise((there, never) => {
    film.addEventListener("timeupdate", () => film.currentTime > 7 && there());
    setTimeout(never, 15_000, new Error("the film stands still"));
})"""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture
def page(served: Served) -> Iterator[Page]:
    known = served.known
    with chromium_browser() as browser:
        context = browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
        names = {"sessionid": known["cookie"], "anxue_terminal": known["device"]}
        context.add_cookies(
            [{"name": name, "value": value, "domain": known["host"], "path": "/"} for name, value in names.items()]
        )
        yield context.new_page()


def test_a_film_stops_and_asks_and_goes_on_by_the_keyboard(served: Served, page: Page) -> None:
    known: dict[str, Any] = served.known
    page.goto(f"http://{known['host']}:{served.web.port}/learn/{known['assignment']}/{known['lesson']}")
    page.get_by_role("button", name="开始学习").click()
    dialog = page.get_by_role("dialog", name="答一答，再继续")
    expect(dialog).to_be_visible(timeout=15_000)
    film = page.locator("video")
    assert film.evaluate("film => film.paused && film.currentTime < 8")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="继续学习").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label(known["wrong"], exact=True).check()
    dialog.get_by_role("button", name="提交答案").click()
    expect(dialog.get_by_text("没有答对，题目和选项已重新排列")).to_be_visible()
    for text in known["right"]:
        dialog.get_by_label(text, exact=True).focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("回答正确")).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    film.evaluate(GOES_ON)
