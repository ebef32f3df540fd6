"""The editor's page and answers: who may see and change what, and nothing is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from public.catalogue.models import MediaAsset
from public.subtitles import api as subtitles
from tests.conftest import NOON
from tests.public.desk import HOST, inside, operator
from tests.public.subtitles.ground import cues, film, move

pytestmark = pytest.mark.req("R3.4")
GOOD = [cue.as_json() for cue in cues()]


class Desk:
    """One person's browser before one film's subtitles."""

    def __init__(self, who: int, lesson: Any) -> None:
        self.browser, self.media = inside(who), lesson.media_id

    def page(self, tail: str = "") -> Any:
        return self.browser.get(f"/desk/subtitles/{self.media}{tail}")

    def ask(self, tail: str = "") -> Any:
        return self.browser.get(f"/api/desk/subtitles/{self.media}{tail}")

    def post(self, tail: str, body: Any) -> Any:
        return self.browser.post(f"/api/desk/subtitles/{self.media}{tail}", json.dumps(body), content_type="application/json")

    def save(self, revision: int, track: Any = GOOD) -> Any:
        return self.post("", {"revision": revision, "cues": track})

    def file(self, data: bytes, name: str = "字幕.srt") -> Any:
        return self.browser.post(f"/api/desk/subtitles/{self.media}/read", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def author(platform) -> int:
    return operator("AUTHOR")


@pytest.fixture
def lesson(author) -> Any:
    return film(author)


@pytest.fixture
def desk(author, lesson) -> Desk:
    return Desk(author, lesson)


def test_an_author_saves_and_reads_back_exports_and_sees_the_history(desk):
    saved = desk.save(0)
    assert (saved.status_code, saved.json()["revision"], saved.json()["problems"]) == (200, 1, [])
    assert desk.ask().json()["cues"] == GOOD
    page = desk.page().content.decode()
    assert "编辑字幕" in page
    assert "第 1 稿" in page
    vtt = desk.page("/export.vtt")
    assert vtt["Content-Type"] == "text/vtt; charset=utf-8"
    assert vtt.content.decode().startswith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:06.000\n")
    assert desk.page("/export.srt").content.decode().startswith("1\n00:00:00,000 --> 00:00:06,000\n")
    assert desk.ask("/revisions/1").json()["cues"] == GOOD


def test_the_second_editor_gets_409_with_who_was_faster_and_the_way_on(desk):
    desk.save(0)
    answer = desk.save(0, [])
    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["revision"], told["edited_by"]) == ("stale", 1, "课程作者甲")
    assert "您的修改还没有保存，但都还在本页" in told["message"]
    assert desk.save(told["revision"], GOOD[:9]).status_code == 200


def test_reads_a_gbk_file_without_saving_it_and_says_that_it_was_converted(desk):
    answer = desk.file("1\n00:00:00,000 --> 00:00:59,000\n嚴禁煙火\n".encode("gbk"))
    assert answer.json()["notes"] == ["文件编码为 GBK/GB18030，已转换为 UTF-8。"]
    assert [one["code"] for one in answer.json()["problems"]] == ["traditional"]
    assert subtitles.track_of(desk.media) is None


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [(b"", 422, "empty_file"), (b"x" * 2_100_000, 413, "too_large"), (b"1\n00:00 --> 1\na\n", 422, "bad_subtitles")],
)
def test_refuses_a_bad_file_in_words(desk, data, status, code):
    answer = desk.file(data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_checks_and_simplifies_without_saving(desk):
    track = [{"start_ms": 0, "end_ms": 60_000, "text": "嚴禁煙火"}]
    assert [one["fix"] for one in desk.post("/check", {"cues": track}).json()["problems"]] == ["严禁烟火"]
    assert desk.post("/simplify", {"cues": track}).json()["cues"][0]["text"] == "严禁烟火"
    assert subtitles.track_of(desk.media) is None


@pytest.mark.parametrize(
    "track",
    [
        None,
        "x",
        [{"start_ms": -1, "end_ms": 5, "text": "a"}],
        [{"start_ms": 0, "end_ms": 1.5, "text": "a"}],
        [{"start_ms": True, "end_ms": 5, "text": "a"}],
        [{"start_ms": 0, "end_ms": 5, "text": None}],
        [{"start_ms": 0, "end_ms": 10**12, "text": "a"}],
        [{"start_ms": 0, "end_ms": 5, "text": "长" * 501}],
        ["x"],
        [{"start_ms": 0, "end_ms": 5, "text": "a"}] * 5_001,
    ],
)
def test_refuses_cues_that_no_editor_sends(desk, track):
    answer = desk.save(0, track)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cues")
    assert subtitles.track_of(desk.media) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"revision": "1", "cues": []}'])
def test_refuses_a_body_that_is_no_answer(desk, body):
    answer = desk.browser.post(f"/api/desk/subtitles/{desk.media}", body, content_type="application/json")
    assert answer.status_code == 422


def test_takes_control_characters_and_empty_lines_out_of_the_words(desk):
    desk.save(0, [{"start_ms": 0, "end_ms": 60_000, "text": " 先通风\x00\u200b\r\n\r\n再检测 "}])
    assert subtitles.track_of(desk.media).cues[0].text == "先通风\n再检测"


@pytest.mark.parametrize("role", ["REVIEWER", "OPERATIONS"])
def test_others_read_and_export_but_do_not_change(lesson, desk, role):
    desk.save(0)
    other = Desk(operator(role), lesson)
    page = other.page().content.decode()
    assert "只有课程作者可以修改字幕" in page
    assert 'data-act="save"' not in page
    assert other.page("/export.vtt").status_code == 200
    assert other.save(1).status_code == 403
    assert other.file(b"WEBVTT\n").status_code == 403


def test_another_author_sees_nothing_of_it(lesson, desk):
    desk.save(0)
    other = Desk(operator("AUTHOR", login="author2"), lesson)
    for answer in (
        other.page(),
        other.page("/export.vtt"),
        other.page("/film.m3u8"),
        other.page("/keys/0"),
        other.ask(),
        other.save(1),
    ):
        assert answer.status_code == 404
    assert subtitles.track_of(desk.media).revision == 1


def test_the_uploader_edits_a_film_that_no_lesson_shows_yet(author):
    media = MediaAsset.objects.create(updated_at=NOON + timedelta(days=1), owner_id=author)
    page = inside(author).get(f"/desk/subtitles/{media.pk}")
    assert "影片还在制作" in page.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_a_script_gets_401(lesson, desk):
    stranger = Client(HTTP_HOST=HOST)
    assert stranger.get(f"/desk/subtitles/{lesson.media_id}").status_code == 302
    assert stranger.get(f"/api/desk/subtitles/{lesson.media_id}", headers={"HX-Request": "true"}).status_code == 401


def test_a_published_version_can_be_read_only(lesson, desk):
    desk.save(0)
    move(lesson, "PUBLISHED")
    assert "字幕随版本锁定" in desk.page().content.decode()
    assert desk.save(1).status_code == 403


def test_says_that_there_is_nothing_to_export_and_knows_no_such_film(desk):
    assert desk.page("/export.vtt").status_code == 404
    desk.media = 10**9
    assert desk.page().status_code == 404
