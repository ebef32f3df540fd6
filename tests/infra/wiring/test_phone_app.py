"""The learner's pages as an app: every enterprise its own name, a worker that keeps nothing personal, pictures drawn at setup."""

import io
import json
import re

import pytest
from django.test import Client
from PIL import Image

from infra.wiring import app_icons
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

pytestmark = pytest.mark.req("R2.9")


def get(site, path):
    answer = Client(HTTP_HOST=site.host).get(path)
    assert answer.status_code == 200
    return answer


def test_each_enterprise_has_an_app_of_its_own_name(db, jia, yi):
    ours, theirs = (json.loads(get(site, "/app.webmanifest").content) for site in (jia, yi))
    assert (jia.name in ours["name"], yi.name in theirs["name"]) == (True, True)
    assert jia.name not in json.dumps(theirs, ensure_ascii=False)
    assert ours["display"] == "standalone"
    assert ours["start_url"].startswith(ours["scope"])
    assert {icon["purpose"] for icon in ours["icons"]} == {"any", "maskable"}


def test_the_platform_is_no_such_app(db):
    assert Client(HTTP_HOST="anxue.localhost").get("/app.webmanifest").status_code == 404


def test_the_worker_keeps_hashed_files_and_the_offline_page_only(db, jia):
    answer = get(jia, "/app-worker.js")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert re.findall(r"cache\.put\((\w+)", text) == ["OFFLINE", "url", "request"], "nothing else is ever written"
    assert all(url.startswith("/static/") for url in json.loads(re.search(r"SHELL = (\[.*?\]);", text)[1]))
    assert "/learn" not in text
    assert "/console" not in text


def test_another_release_is_another_worker(db, jia, monkeypatch):
    first = get(jia, "/app-worker.js").content
    assert get(jia, "/app-worker.js").content == first
    from infra.wiring import phone_app

    monkeypatch.setattr(phone_app, "_SHELL", phone_app._SHELL[:-1])
    assert get(jia, "/app-worker.js").content != first


def test_the_offline_page_tells_nothing_of_anybody(db, jia):
    with enterprise_scope(jia):
        someone = ground.learner(1, "学员独一")
    page = ground.learner_browser(jia, someone)
    answer = page.get("/offline")
    assert answer.content == get(jia, "/offline").content
    for personal in ("学员独一", jia.name, "csrf", "sessionid"):
        assert personal not in answer.content.decode()
    assert "Set-Cookie" not in answer.headers


def test_learners_pages_name_the_app_and_the_desk_does_not(db, jia):
    with enterprise_scope(jia):
        someone = ground.learner(1)
    home = ground.learner_browser(jia, someone).get("/learn").content.decode()
    assert '<link rel="manifest" href="/app.webmanifest">' in home
    assert 'content="/app-worker.js"' in home
    assert "app.webmanifest" not in ground.manager_browser(jia).get("/console").content.decode()


def test_signing_out_clears_what_the_device_kept(db, jia):
    with enterprise_scope(jia):
        someone = ground.learner(1)
    assert ground.learner_browser(jia, someone).post("/sign-out")["Clear-Site-Data"] == '"storage"'


def test_the_pictures_are_square_and_the_maskable_ones_bleed(tmp_path):
    app_icons.draw(tmp_path)
    for name, (side, bleeds) in app_icons.SIZES.items():
        with Image.open(io.BytesIO((tmp_path / f"{name}.png").read_bytes())) as icon:
            assert icon.size == (side, side)
            corner = icon.convert("RGBA").getpixel((0, 0))
            assert corner[3] == (255 if bleeds else 0)
