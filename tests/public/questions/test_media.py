"""Pictures and films of stems: kept under names of their own, shown to whoever the caller lets in, also from within an enterprise."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from infra.kit.errors import DomainError
from public.operators.api import Me
from public.questions import api as questions
from public.questions.models import QuestionVersion
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public.desk import inside, operator
from tests.public.questions.ground import content
from tests.public.review.ground import refused
from tests.public.uploads.ground import clip, pdf, png, uploaded


@pytest.fixture
def author(platform: None) -> Me:
    return Me(operator("AUTHOR"), "课程作者甲", "AUTHOR")


@pytest.fixture
def draft(author: Me) -> QuestionVersion:
    shelf = questions.open_bank(title="测试题库", about="", me=author, at=NOON)
    return questions.add(bank=shelf.uuid, contents=[content()], me=author, at=NOON)[0]


def served(key: str, **headers: str) -> tuple[int, bytes, Any]:
    answer = questions.media.serve(RequestFactory().get("/", headers=headers), key)
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content, answer.headers


def test_a_picture_goes_into_the_stem_and_is_shown_on_the_desk_and_in_enterprises(author, draft, jia):
    page, key = inside(author.credential_id), draft.question.uuid
    found = uploaded(png(2000, 40), purpose="question", name="图.png", owner=author.credential_id)
    url = reverse("desk-question-media-add", args=[key])
    assert page.post(url, {"upload": str(found.uuid), "alt": ""}).status_code == 422
    assert page.post(url, {"upload": "", "alt": "三号阀门"}).status_code == 422
    draft.refresh_from_db()
    assert draft.content["media"] == []
    assert page.post(url, {"upload": str(found.uuid), "alt": "三号阀门"}).status_code == 302
    draft.refresh_from_db()
    (one,) = draft.content["media"]
    assert (one["kind"], one["alt"], questions.check(draft.content)) == ("picture", "三号阀门", [])
    shown = page.get(reverse("desk-question-media", args=[one["key"]]))
    assert Image.open(io.BytesIO(b"".join(shown.streaming_content))).size == (1600, 32)
    with enterprise_scope(jia):
        assert served(one["key"])[0] == 200
    assert Client(HTTP_HOST="anxue.localhost:8000").get(reverse("desk-question-media", args=[one["key"]])).status_code == 302
    assert page.post(reverse("desk-question-media-drop", args=[key, 1])).status_code == 302
    draft.refresh_from_db()
    assert (draft.content["media"], served(one["key"])[0]) == ([], 200)


def test_a_film_is_served_in_the_parts_that_a_player_asks_for(author, tmp_path):
    data = clip(tmp_path / "a.mp4", seconds=1).read_bytes()
    found = uploaded(data, purpose="question", name="a.mp4", owner=author.credential_id)
    key = questions.media.keep(upload=found.uuid, alt="叉车倒车", owner_id=author.credential_id)["key"]
    assert served(key)[:2] == (200, data)
    status, part, headers = served(key, range="bytes=10-19")
    assert (status, part, headers["Content-Range"]) == (206, data[10:20], f"bytes 10-19/{len(data)}")
    assert served(key, range="bytes=-5")[:2] == (206, data[-5:])
    assert served(key, range=f"bytes={len(data) - 3}-")[:2] == (206, data[-3:])
    assert served(key, range="lines=1-2")[:2] == (200, data)
    for nothing in ("bytes=-", "bytes=9-1", "bytes=99999999-"):
        assert served(key, range=nothing)[0] == 416


def test_what_is_no_picture_or_somebody_elses_is_refused(author):
    mine = uploaded(pdf(), purpose="evidence", name="a.pdf", owner=author.credential_id)
    other = uploaded(png(), purpose="question", name="a.png", owner=author.credential_id + 1)
    with refused("wrong_kind"):
        questions.media.keep(upload=mine.uuid, alt="图", owner_id=author.credential_id)
    with refused("not_found"):
        questions.media.keep(upload=other.uuid, alt="图", owner_id=author.credential_id)


def test_a_picture_that_unpacks_to_hundreds_of_megabytes_or_breaks_off_is_refused_in_words(author):
    large, broken = io.BytesIO(), io.BytesIO()
    Image.new("L", (5000, 5000)).save(large, "PNG")
    Image.new("RGB", (40, 30), "red").save(broken, "PNG", exif=b"Exif\0\0II*\0")
    for data, code in ((large, "picture_unfit"), (broken, "not_ready")):
        found = uploaded(data.getvalue(), purpose="question", name="a.png", owner=author.credential_id)
        with refused(code):
            questions.media.keep(upload=found.uuid, alt="图", owner_id=author.credential_id)


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "p-00.webp", f"p-{'0' * 32}.webp", f"s-{'0' * 32}.mp4", f"p-{'0' * 32}.html"]
)
def test_no_other_file_is_reached(platform, key):
    with pytest.raises(DomainError) as refusal:
        served(key)
    assert refusal.value.status == 404
