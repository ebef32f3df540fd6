"""The learner's pages: a quiz in the outline, its page on a phone, points over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.learning.quizzes.models import QuizTry
from apps.learning.quizzes.routes import ANSWERS
from infra.kit import clock
from tenants import limits
from tenants.scope import platform_scope
from tests.apps.learning.conftest import A, B, enrol, prove
from tests.apps.learning.quizzes import ground
from tests.apps.learning.quizzes.ground import quiz_of, responses, watch_whole
from tests.apps.learning.test_routes import client_of
from tests.conftest import NOON

pytestmark = pytest.mark.req("R2.8")


@pytest.fixture
def client(asked, in_jia):
    found = client_of(in_jia, A["mobile"])
    found.get(f"/learn/{asked.assignment.uuid}/{asked.first}")
    prove(found, asked)
    return found


@pytest.fixture
def watched(asked):
    player = watch_whole(asked, asked.first, at=NOON)
    watch_whole(asked, asked.second, at=player.now + timedelta(minutes=1))
    return asked


def address(school) -> str:
    return f"/learn/{school.assignment.uuid}/quiz/{quiz_of(school)}"


def form_of(row: QuizTry, *, right: bool) -> dict[str, list[str]]:
    given = dict(zip([item["no"] for item in row.items], responses(row, right=right), strict=True))
    return {f"q{no}": keys for no, keys in given.items()}


def test_the_outline_shows_the_quiz_after_its_lessons(client, asked):
    shown = client.get(f"/learn/{asked.assignment.uuid}").content.decode()
    assert "课程测验" in shown
    assert "学完前面的课后开放" in shown
    page = client.get(address(asked)).content.decode()
    assert "先学完前面的课" in page
    assert client.post(f"{address(asked)}/begin").status_code == 302
    assert QuizTry.objects.count() == 0
    player = client.get(f"/learn/{asked.assignment.uuid}/{quiz_of(asked)}")
    assert player["Location"] == address(asked)


def test_a_quiz_is_begun_failed_and_passed_on_its_page(client, watched):
    assert "开始作答" in client.get(address(watched)).content.decode()
    client.post(f"{address(watched)}/begin")
    row = QuizTry.objects.get(point=None)
    page = client.get(address(watched)).content.decode()
    assert all(item["stem"] in page for item in row.items)
    assert not any(item["explanation"] and item["explanation"] in page for item in row.items)
    client.post(f"{address(watched)}/{row.uuid}", form_of(row, right=False))
    failed = client.get(address(watched)).content.decode()
    assert "还没有通过" in failed
    assert "正确答案" not in failed
    client.post(f"{address(watched)}/begin")
    row = QuizTry.objects.get(answered_at=None)
    client.post(f"{address(watched)}/{row.uuid}", form_of(row, right=True))
    passed = client.get(address(watched)).content.decode()
    assert "已通过" in passed
    assert "正确答案" in passed
    assert "已通过" in client.get(f"/learn/{watched.assignment.uuid}").content.decode()


def test_somebody_elses_quiz_is_not_there(client, watched, in_jia):
    client.post(f"{address(watched)}/begin")
    row = QuizTry.objects.get(point=None)
    enrol(B, watched.assignment.courses[0].version_id)
    other = client_of(in_jia, B["mobile"])
    assert other.get(address(watched)).status_code == 404
    assert other.post(f"{address(watched)}/{row.uuid}", form_of(row, right=True)).status_code == 404
    row.refresh_from_db()
    assert row.is_open


def test_a_script_that_answers_on_and_on_is_slowed_down(client, watched, in_jia):
    client.post(f"{address(watched)}/begin")
    row = QuizTry.objects.get(point=None)
    for _ in range(60):
        limits.spend(ANSWERS, "quiz", in_jia.schema_name, str(watched.learner.id))
    assert client.post(f"{address(watched)}/{row.uuid}", form_of(row, right=False)).status_code == 429
    row.refresh_from_db()
    assert row.is_open


def test_a_point_is_asked_and_answered_over_http(client, asked):
    opened = client.post(
        "/api/learning/sessions",
        json.dumps({"assignment": str(asked.assignment.uuid), "courseware": asked.first}),
        content_type="application/json",
    ).json()
    assert opened["points"] == [ground.FIRST_MS, ground.SECOND_MS]
    point = ground.catalogue.points_of(asked.first)[0].uuid
    path = f"/api/learning/sessions/{opened['session']}/quizzes/{point}"
    assert client.get(path).json()["code"] == "not_reached"
    asked_at = clock.now()
    from apps.learning.models import StudySession

    StudySession.objects.filter(uuid=opened["session"]).update(accepted_ms=ground.FIRST_MS, furthest_ms=ground.FIRST_MS)
    shown = client.get(path)
    assert (shown.json()["state"], shown["Cache-Control"]) == ("open", "no-store")
    row = QuizTry.objects.get(uuid=shown.json()["try"])
    assert row.opened_at >= asked_at
    body = json.dumps({"try": str(row.uuid), "answers": responses(row, right=True)})
    told = client.post(path, body, content_type="application/json").json()
    assert (told["outcome"], len(told["explanations"])) == ("right", 1)
    assert client.get(path).json()["state"] == "passed"


def test_pictures_of_a_question_are_shown_to_whom_it_is_asked(client, watched, in_jia):
    client.post(f"{address(watched)}/begin")
    row = QuizTry.objects.get(point=None)
    key = f"p-{'0' * 32}.webp"
    row.items[0]["media"] = [{"kind": "picture", "key": key, "alt": "一张照片"}]
    row.save()
    with platform_scope():
        default_storage.save(f"platform/questions/{key}", ContentFile(b"picture"))
    source = f"/learn/quiz-media/{row.uuid}/{key}"
    assert source in client.get(address(watched)).content.decode()
    assert b"".join(client.get(source).streaming_content) == b"picture"
    assert client.get(f"/learn/quiz-media/{row.uuid}/p-{'1' * 32}.webp").status_code == 404
    row.items[0] |= {"media": [], "case": {"no": 1, "of": 1, "stem": "某车间起火。", "media": row.items[0]["media"]}}
    row.save()
    assert source in client.get(address(watched)).content.decode(), "a case's picture stands with its story"
    enrol(B, watched.assignment.courses[0].version_id)
    assert client_of(in_jia, B["mobile"]).get(source).status_code == 404
