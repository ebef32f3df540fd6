"""A film made by the studio, kept on a real S3 service, played in a real browser; what happens when the service is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from infra.wiring.embedded import services
from tests.product import chromium_browser, own_environment, prepared
from tests.s3 import BUCKET, S3, s3_service
from tests.web import Web, serving

PREPARE = """
import django; django.setup()
import json
from datetime import timedelta
from django.test import Client
from infra.kit import clock
from public.catalogue import api as catalogue
from public.catalogue.models import Courseware, MediaAsset
from tenants.api import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, device_of, enrol, publish_course
from tests.tenants.ground import open_for_test
site = open_for_test("films")
version = publish_course()
with platform_scope():
    lesson = Courseware.objects.filter(version_id=version).order_by("no").first()
    MediaAsset.objects.filter(pk=lesson.media_id).update(state="WAITING", duration_ms=None, package={}, keys_sealed=None)
    catalogue.make_media(lesson.media_id, now=clock.now)
    film = MediaAsset.objects.get(pk=lesson.media_id)
    assert film.state == "READY", film.error
with enterprise_scope(site):
    school = enrol(A, version, due_on=clock.shanghai_date(clock.now() + timedelta(days=30)))
    device = device_of(school)
    browser = Client(headers={"host": site.host})
    browser.force_login(Credential.objects.by_login(A["mobile"]))
cookie = browser.cookies["sessionid"].value
path = f"/learn/{school.assignment.uuid}/{school.first}"
print(json.dumps({"film": str(film.uuid), "cookie": cookie, "device": device, "path": path, "host": site.host, "package": film.package}))
"""


@dataclass(frozen=True, slots=True)
class Cinema:
    """A learner with one film on S3, before two web servers: one that passes films on, one that sends browsers to S3."""

    s3: S3
    through_us: Web
    direct: Web
    film: str
    cookie: str
    device: str
    path: str
    host: str
    package: dict[str, Any]

    @property
    def segment(self) -> str:
        return f"/api/learning/media/{self.film}/{self.package['segments'][0]['file']}"

    def origin(self, web: Web) -> str:
        return f"http://{self.host}:{web.port}"


@pytest.fixture(scope="module")
def cinema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cinema]:
    folder: Path = tmp_path_factory.mktemp("cinema")
    with s3_service() as s3:
        try:
            environment = own_environment(folder, STORAGE_URL=s3.url)
            found = prepared(environment, "-c", PREPARE)
            direct = {**environment, "STORAGE_URL": f"{s3.url}&direct=yes"}
            with (
                serving(environment, log=folder / "web.log", workers=1) as through_us,
                serving(direct, log=folder / "direct.log", workers=1) as sent,
            ):
                yield Cinema(s3, through_us, sent, **found)
        finally:
            services.remove_all(folder)


@pytest.fixture
def page(cinema: Cinema) -> Iterator[Page]:
    """学员甲's browser; its cookies hold for both servers, because ports do not part cookies."""
    with chromium_browser("--autoplay-policy=no-user-gesture-required") as browser:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        for name, value in (("sessionid", cinema.cookie), ("anxue_terminal", cinema.device)):
            context.add_cookies([{"name": name, "value": value, "domain": cinema.host, "path": "/"}])
        yield context.new_page()


def watch(page: Page, address: str) -> tuple[set[str], list[str], dict[str, int]]:
    """Play for three seconds; return the origins asked, the errors of the page, and the answers for films by status."""
    origins, errors, films = set(), [], []
    page.on("request", lambda asked: origins.add("{0.scheme}://{0.netloc}".format(urlsplit(asked.url))))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    page.on("response", lambda answer: "/media/" in answer.url and films.append(answer.status))
    page.goto(address)
    page.locator("[data-act=go]").click()
    for _ in range(200):
        if page.evaluate("document.querySelector('video').currentTime > 3"):
            break
        page.wait_for_timeout(150)
    else:
        raise AssertionError(f"the film does not play: {errors} {films}")
    return {origin for origin in origins if not origin.startswith(("blob:", "data:"))}, errors, set(films)


def fetch(page: Page, path: str, **headers: str) -> dict[str, Any]:
    """Ask as the player's own script would."""
    script = """async ([path, headers]) => {
        const answer = await fetch(path, {headers});
        return {status: answer.status, range: answer.headers.get("Content-Range"),
                bytes: Array.from(new Uint8Array(await answer.arrayBuffer()))};
    }"""
    return page.evaluate(script, [path, headers])


@pytest.mark.req("R2.6")
def test_a_film_on_s3_plays_through_us_and_nothing_comes_from_elsewhere(cinema: Cinema, page: Page) -> None:
    kept = [row["Key"] for row in cinema.s3.client().list_objects_v2(Bucket=BUCKET, Prefix="platform/media/")["Contents"]]
    assert len([name for name in kept if name.endswith(".m4s")]) == len(cinema.package["segments"])
    origins, errors, films = watch(page, cinema.origin(cinema.through_us) + cinema.path)
    assert (origins, errors) == ({cinema.origin(cinema.through_us)}, [])
    assert films <= {200, 206}


def test_a_range_of_the_film_is_the_same_bytes_as_on_s3(cinema: Cinema, page: Page) -> None:
    page.goto(cinema.origin(cinema.through_us) + cinema.path)
    part = fetch(page, cinema.segment, Range="bytes=100-1099")
    key = f"platform/media/{cinema.film}/{cinema.segment.rpartition('/')[2]}"
    whole = cinema.s3.client().get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert (part["status"], bytes(part["bytes"])) == (206, whole[100:1100])
    assert part["range"] == f"bytes 100-1099/{len(whole)}"
    assert fetch(page, cinema.segment, Range=f"bytes={len(whole)}-")["status"] == 416


@pytest.mark.req("R2.6")
def test_sent_to_s3_the_browser_asks_there_and_nowhere_else(cinema: Cinema, page: Page) -> None:
    allowed = {"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"]}
    cinema.s3.client().put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [allowed]})
    origins, errors, films = watch(page, cinema.origin(cinema.direct) + cinema.path)
    assert (origins, errors) == ({cinema.origin(cinema.direct), cinema.s3.endpoint}, [])
    assert 302 in films


def test_a_lost_store_is_told_clearly_and_films_come_back_without_a_restart(cinema: Cinema, page: Page) -> None:
    page.goto(cinema.origin(cinema.through_us) + cinema.path)
    cinema.s3.stop()
    try:
        lost = fetch(page, cinema.segment)
        told = json.loads(bytes(lost["bytes"]))
        assert (lost["status"], told["code"]) == (503, "unavailable")
        assert "127.0.0.1" not in str(told)
        assert page.goto(cinema.origin(cinema.through_us) + cinema.path).status == 200, "pages go on"
    finally:
        cinema.s3.start()
    assert fetch(page, cinema.segment)["status"] == 200
