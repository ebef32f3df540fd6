"""A document's pages over HTTP: who may see them, and that only read time is credited."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from public.catalogue.media import storage_name
from public.catalogue.models import MediaAsset
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, B, covered, enrol, prove
from tests.apps.learning.test_routes import client_of, open_session, post

pytestmark = pytest.mark.req("R3.4")
PAGES = [
    {"file": f"page_{no:04d}.jpg", "width": 1400, "height": 1050, "text": f"第 {no} 页的文字", "least_ms": 20_000}
    for no in (1, 2, 3)
]


@pytest.fixture
def paper(school, settings, tmp_path):
    """The first lesson is a document of three pages, 20 s each; returns its media."""
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    with platform_scope():
        row = MediaAsset.objects.get(courseware__id=school.first)
        MediaAsset.objects.filter(pk=row.pk).update(
            kind="DOCUMENT", duration_ms=60_000, package={"pages": PAGES, "poster": "page_0001.jpg"}
        )
        for page in PAGES:
            default_storage.save(storage_name(row.uuid, page["file"]), ContentFile(page["file"].encode()))
    return row.uuid


@pytest.fixture
def client(school, paper, in_jia):
    """学员甲's browser, which has seen the lesson's page."""
    found = client_of(in_jia, A["mobile"])
    assert found.get(f"/learn/{school.assignment.uuid}/{school.first}").status_code == 200
    prove(found, school)
    return found


@pytest.fixture
def pages(client, school):
    """Pages of an open session of 学员甲, as the viewer gets them."""
    return client.get(open_session(client, school).json()["pages"]).json()


def test_an_open_session_shows_pictures_and_words_of_all_pages(client, pages):
    assert [(page["width"], page["least_ms"]) for page in pages] == [(1400, 20_000)] * 3
    picture = client.get(pages[1]["picture"])
    assert (b"".join(picture.streaming_content), picture["Content-Type"]) == (b"page_0002.jpg", "image/jpeg")
    assert picture["Cache-Control"] == "private, no-cache", "each look asks again whether the session is open"
    words = client.get(pages[1]["text"])
    assert (words.content.decode(), words["Cache-Control"]) == ("第 2 页的文字", "no-store")
    assert client.get(pages[0]["picture"].replace("/1.jpg", "/4.jpg")).status_code == 404
    assert client.get(pages[0]["picture"].replace("/1.jpg", "/0.jpg")).status_code == 404


def test_pages_are_for_the_learner_whose_session_is_open(client, pages, school, version_id, in_jia, paper):
    enrol(B, version_id)
    stranger = client_of(in_jia, B["mobile"])
    listing = pages[0]["picture"].rpartition("/")[0]
    for path in (listing, pages[0]["picture"], pages[0]["text"]):
        assert stranger.get(path).status_code == 404
        assert Client(headers={"host": in_jia.host}).get(path).status_code == 401
    session = listing.split("/")[-2]
    assert post(client, f"/sessions/{session}/close").status_code == 204
    for path in (listing, pages[0]["picture"], pages[0]["text"]):
        reply = client.get(path)
        assert (reply.status_code, reply.json()["code"]) == (409, "closed")


def test_the_neighbour_enterprise_sees_no_page(pages, neighbour, yi):
    there = client_of(yi, A["mobile"])
    for path in (pages[0]["picture"].rpartition("/")[0], pages[0]["picture"], pages[0]["text"]):
        assert there.get(path).status_code == 404


def test_a_page_is_not_a_file_that_every_learner_may_fetch(client, paper, yi, neighbour):
    there = client_of(yi, A["mobile"])
    for who in (client, there):
        assert who.get(f"/api/learning/media/{paper}/page_0001.jpg").status_code == 404
        assert who.head(f"/api/learning/media/{paper}/page_0002.jpg").status_code == 404


def test_a_document_has_no_playlist_and_a_film_no_pages(client, school):
    opened = open_session(client, school).json()
    rendition = opened["playlist"].replace(".m3u8", "/0.m3u8")
    assert [client.get(path).status_code for path in (opened["playlist"], rendition)] == [404, 404]
    film = open_session(client, school, school.second).json()
    assert client.get(film["pages"]).status_code == 404
    assert client.get(f"{film['pages']}/1.jpg").status_code == 404


def test_the_lesson_page_is_a_viewer_with_words_for_every_control(client, school):
    html = client.get(f"/learn/{school.assignment.uuid}/{school.first}").content.decode()
    for words in ("上一页", "下一页", "放大", "缩小", "全屏", "本次已确认", "至少读"):
        assert words in html
    assert "<video" not in html
    assert "style=" not in html
    assert "page_0001" not in html, "no page is named before a session is open"


def test_a_sound_is_played_under_its_title_and_without_a_poster(client, school):
    with platform_scope():
        MediaAsset.objects.filter(courseware__id=school.second).update(kind="AUDIO")
    html = client.get(f"/learn/{school.assignment.uuid}/{school.second}").content.decode()
    assert "lp-sound" in html
    assert "subtitles.vtt" in html
    assert "poster.jpg" not in html


def test_read_pages_are_credited_and_complete_the_lesson(school, paper):
    reader = school.open()
    reader.play()
    for _ in range(3):
        reader.watch(10)
        reader.watch(10, "paused", reason="page")
        reader.now = reader.now.replace(microsecond=0)
        reader.play()
    reader.send(reader.body("ended", position_ms=60_000))
    assert (reader.reply["credited_ms"], covered(school)) == (60_000, ((0, 60_000),))


def test_a_script_that_jumps_to_the_last_page_earns_nothing_for_the_skipped_ones(school, paper):
    reader = school.open()
    reader.play()
    reader.watch(5)
    reader.position_ms = 35_000
    jumped = reader.watch(5)
    assert (jumped["command"], jumped["accepted_ms"], jumped["credited_ms"]) == ("seek", 5_000, 5_000)
    reader.watch(0, "paused")
    reader.position_ms = 40_000
    moved = reader.send(reader.body("paused", reason="seek"))
    assert (moved["command"], moved["accepted_ms"]) == ("seek", 5_000)
    assert reader.send(reader.body("ended", position_ms=60_000))["command"] == "seek"
    assert covered(school) == ((0, 5_000),)


def test_reading_goes_on_at_the_page_where_it_stopped(client, school, in_jia):
    with enterprise_scope(in_jia):
        reader = school.open()
        reader.play()
        reader.watch(20, "paused", reason="page")
    opened = open_session(client, school).json()
    assert (opened["position_ms"], opened["furthest_ms"], opened["covered_ms"]) == (20_000, 20_000, 20_000)
    assert json.loads(client.get(opened["pages"]).content)[0]["least_ms"] == opened["position_ms"]
