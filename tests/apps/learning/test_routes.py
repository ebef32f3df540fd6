"""The JSON interface over HTTP: who may ask for what."""

import hashlib
import hmac
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from apps.learning import beats, services
from apps.learning.models import StudySession
from infra.kit import clock, crypto
from public.catalogue.media import storage_name
from public.catalogue.models import MediaAsset
from tenants.api import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, B, enrol, prove

KEYS = bytes(range(160))


def client_of(site, mobile, **options):
    client = Client(headers={"host": site.host}, **options)
    with enterprise_scope(site):
        client.force_login(Credential.objects.by_login(mobile))
    return client


@pytest.fixture
def client(school, in_jia):
    """学员甲's browser, which has seen the player page."""
    found = client_of(in_jia, A["mobile"])
    assert found.get(f"/learn/{school.assignment.uuid}/{school.first}").status_code == 200
    prove(found, school)
    return found


@pytest.fixture
def stranger(version_id, school, in_jia):
    """学员乙's browser in the same enterprise."""
    enrol(B, version_id)
    return client_of(in_jia, B["mobile"])


@pytest.fixture
def film(school, settings, tmp_path):
    """Files and sealed keys of the first lesson's film."""
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    media = services.queries.lesson(
        learner_id=school.learner.id, assignment_uuid=school.assignment.uuid, courseware_id=school.first, at=clock.now()
    ).media
    sealed = crypto.seal(KEYS, secret=settings.SEALING_SECRET, owner="platform", purpose=f"media/{media}")
    with platform_scope():
        MediaAsset.objects.filter(uuid=media).update(keys_sealed=sealed)
    with platform_scope():
        for name in ("init.mp4", "seg_00000.m4s", "subtitles.vtt", "poster.jpg"):
            default_storage.save(storage_name(media, name), ContentFile(name.encode()))
    return media


def post(client, path, body=None):
    return client.post(f"/api/learning{path}", json.dumps(body or {}), content_type="application/json")


def open_session(client, school, courseware=None):
    return post(client, "/sessions", {"assignment": str(school.assignment.uuid), "courseware": courseware or school.first})


def beat_of(opened, seq=1, **changes):
    beat = {"seq": seq, "nonce": opened["nonce"], "position_ms": 0, "state": "playing", "reason": "play", "rate": 1,
            "hidden": False, "focused": True, "mono_ms": 12, "frames": 0, "guard": {}, "probes": {}, **changes}  # fmt: skip
    return {**beat, "mac": beats.mac_of(beat, bytes.fromhex(opened["key"]))}


def test_opens_beats_and_closes(client, school):
    reply = open_session(client, school)
    assert reply.status_code == 201
    opened = reply.json()
    beat = client.post(
        f"/api/learning/sessions/{opened['session']}/beats", json.dumps(beat_of(opened)), content_type="text/plain"
    )
    assert (beat.status_code, beat.json()["command"]) == (200, "none")
    assert post(client, f"/sessions/{opened['session']}/close", {"reason": "left"}).status_code == 204
    assert StudySession.objects.get().close_reason == "left"


def test_a_beat_needs_no_form_token_but_opening_does(school, in_jia, client):
    strict = client_of(in_jia, A["mobile"], enforce_csrf_checks=True)
    strict.cookies["anxue_terminal"] = client.cookies["anxue_terminal"].value
    assert (open_session(strict, school).status_code, open_session(strict, school).json()["code"]) == (403, "csrf")
    opened = open_session(client, school).json()
    path = f"/api/learning/sessions/{opened['session']}/beats"
    assert strict.post(path, json.dumps(beat_of(opened)), content_type="text/plain").status_code == 200


@pytest.mark.req("R2.3")
def test_refuses_a_device_that_was_not_named(school, in_jia):
    reply = open_session(client_of(in_jia, A["mobile"]), school)
    assert (reply.status_code, reply.json()["code"]) == (409, "no_terminal")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"seq":1}', b"\xff\xfe", b'{"seq":1e400}'])
def test_refuses_what_is_no_beat(client, school, body):
    opened = open_session(client, school).json()
    reply = client.post(f"/api/learning/sessions/{opened['session']}/beats", body, content_type="text/plain")
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid")


_DEEP = '{"a":' * 900 + "1" + "}" * 900


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "a\0"},
        {"guard": {"ua": "\0"}},
        {"guard": {"\0": 1}},
        {"probes": {"a": [{"b": "\0"}]}},
        {"guard": {"a": "\ud800"}},
    ],
)
def test_refuses_a_beat_with_a_text_that_cannot_be_kept(client, school, changes):
    opened = open_session(client, school).json()
    path = f"/api/learning/sessions/{opened['session']}/beats"
    plain = {name: value for name, value in beat_of(opened).items() if name != "mac"} | changes
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    mac = hmac.new(bytes.fromhex(opened["key"]), text, hashlib.sha256).hexdigest()
    reply = client.post(path, json.dumps({**plain, "mac": mac}), content_type="text/plain")
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid")
    assert client.post(path, json.dumps(beat_of(opened)), content_type="text/plain").status_code == 200


@pytest.mark.parametrize("body", [_DEEP, "[" * 4000, '{"guard":' + _DEEP + "}"])
def test_refuses_a_body_that_is_nested_without_end(client, school, body):
    opened = open_session(client, school).json()
    reply = client.post(f"/api/learning/sessions/{opened['session']}/beats", body, content_type="text/plain")
    assert (reply.status_code, reply.json()["code"]) in {(422, "invalid"), (413, "too_large")}


def test_refuses_a_huge_body(client, school):
    opened = open_session(client, school).json()
    reply = client.post(f"/api/learning/sessions/{opened['session']}/beats", b"x" * 9000, content_type="text/plain")
    assert reply.status_code == 413


def test_the_playlist_names_keys_of_this_session_only(client, school, film):
    opened = open_session(client, school).json()
    text = client.get(opened["playlist"]).content.decode()
    assert text.startswith("#EXTM3U")
    assert text.count("#EXT-X-KEY:") == 10
    assert f"/api/learning/sessions/{opened['session']}/keys/0" in text
    assert f'#EXT-X-MAP:URI="/api/learning/media/{film}/init.mp4"' in text
    key = client.get(f"/api/learning/sessions/{opened['session']}/keys/0")
    assert (key.content, key["Cache-Control"]) == (KEYS[:16], "no-store")
    assert client.get(f"/api/learning/sessions/{opened['session']}/keys/99").status_code == 404


@pytest.mark.req("R2.3")
def test_keys_are_for_open_sessions_of_the_asking_learner(client, stranger, school, film, yi):
    opened = open_session(client, school).json()
    for path in (f"/api/learning/sessions/{opened['session']}/keys/0", opened["playlist"]):
        assert stranger.get(path).status_code == 404
        assert Client(headers={"host": "jia.localhost"}).get(path).status_code == 401
        assert Client(headers={"host": yi.host}).get(path).status_code == 401
    assert post(stranger, f"/sessions/{opened['session']}/close").status_code == 404
    post(client, f"/sessions/{opened['session']}/close")
    reply = client.get(f"/api/learning/sessions/{opened['session']}/keys/0")
    assert (reply.status_code, reply.json()["reason"]) == (409, "left")


def test_the_neighbour_enterprise_sees_no_session(client, school, neighbour, film, yi):
    opened = open_session(client, school).json()
    there = client_of(yi, A["mobile"])
    assert there.get(opened["playlist"]).status_code == 404
    assert there.get(f"/learn/{school.assignment.uuid}").status_code == 404
    assert there.get(f"/learn/{school.assignment.uuid}/{school.first}").status_code == 404
    path = f"/api/learning/sessions/{opened['session']}/beats"
    assert there.post(path, json.dumps(beat_of(opened)), content_type="text/plain").status_code == 404


def test_films_are_served_to_learners_and_cached_for_long(client, school, film):
    reply = client.get(f"/api/learning/media/{film}/seg_00000.m4s")
    assert b"".join(reply.streaming_content) == b"seg_00000.m4s"
    assert "immutable" in reply["Cache-Control"]
    captions = client.get(f"/api/learning/media/{film}/subtitles.vtt")
    assert captions["Content-Type"].startswith("text/vtt")
    assert captions["Cache-Control"] == "private, no-cache", "a corrected caption is seen at once"
    again = client.get(f"/api/learning/media/{film}/subtitles.vtt", headers={"if-none-match": captions["ETag"]})
    assert again.status_code == 304


def test_a_range_of_a_film_is_answered_alone(client, school, film):
    path = f"/api/learning/media/{film}/seg_00000.m4s"
    part = client.get(path, headers={"range": "bytes=4-8"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"seg_00000.m4s"[4:9])
    assert part["Content-Range"] == "bytes 4-8/13"
    assert client.get(path, headers={"range": "bytes=13-"}).status_code == 416
    head = client.head(path)
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"]) == (200, "13", "bytes")


def test_a_film_whose_file_is_gone_is_told_and_nobody_else_gets_a_range(client, school, film, in_jia):
    path = f"/api/learning/media/{film}/seg_00001.m4s"
    assert (client.get(path).status_code, client.get(path).json()["code"]) == (404, "not_found")
    assert client.head(f"/api/learning/media/{film}/keys.bin").status_code == 404
    foreign = Client(headers={"host": in_jia.host})
    for ask in (foreign.get, foreign.head):
        assert ask(f"/api/learning/media/{film}/seg_00000.m4s", headers={"range": "bytes=0-1"}).status_code == 401
    assert client.get(f"/api/learning/media/{film}/keys.bin").status_code == 404
    assert Client(headers={"host": "jia.localhost"}).get(f"/api/learning/media/{film}/poster.jpg").status_code == 401


@pytest.mark.req("R2.7")
def test_the_player_page_has_the_controls_that_the_clause_asks_for(client, school):
    page = client.get(f"/learn/{school.assignment.uuid}/{school.first}")
    html = page.content.decode()
    for words in ("播放", "暂停", "后退 10 秒", "全屏", "退出全屏", "字幕", "本次已确认"):
        assert words in html
    assert "style=" not in html
    assert page["Cache-Control"].startswith("max-age=0")


@pytest.mark.req("R2.6")
def test_nothing_from_elsewhere_can_appear_in_the_player(client, school):
    policy = client.get(f"/learn/{school.assignment.uuid}/{school.first}")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "http:" not in policy


def test_the_course_page_says_what_is_left(client, school):
    html = client.get(f"/learn/{school.assignment.uuid}").content.decode()
    assert "还差" in html
    assert "开始学习" in html
    assert "未开始" in html


def test_the_course_page_goes_on_with_the_begun_lesson(client, school):
    player = school.open(school.second, at=clock.now())
    player.play()
    player.watch_on(120)
    html = client.get(f"/learn/{school.assignment.uuid}").content.decode()
    assert "继续学习" in html
    assert "已学 20%" in html
    assert f"/learn/{school.assignment.uuid}/{school.second}" in html


def test_refuses_a_beat_that_comes_as_a_form_with_files(client, school):
    opened = open_session(client, school).json()
    path = f"/api/learning/sessions/{opened['session']}/beats"
    reply = client.post(path, {"seq": "1"})  # multipart
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid")
    assert client.post(path, json.dumps(beat_of(opened)), content_type="text/plain").status_code == 200
