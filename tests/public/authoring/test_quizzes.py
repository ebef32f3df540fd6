"""Quizzes and points of a draft: written, checked, frozen with the version, shown to reviewers."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.catalogue.models import CourseVersion, Courseware, MediaAsset, Quiz
from public.questions import api as questions
from public.review import rules
from tests.public.authoring.ground import AT, AUTHOR, COLLEAGUE, course, lesson, media, refused, set_state
from tests.public.desk import inside, operator
from tests.public.questions.ground import part, published

pytestmark = [pytest.mark.req("R2.8"), pytest.mark.req("R3.3")]


@pytest.fixture
def bank(platform: Any) -> list[tuple[UUID, int]]:
    """The product's questions on one topic, as authors choose them."""
    questions.load_seed(at=AT)
    return [(UUID(str(item["question"])), item["version"]) for item in questions.published(topics=["消防安全"])]


@pytest.fixture
def draft(bank: Any) -> int:
    """A draft with one film of a minute."""
    version = course()
    authoring.add_lesson(version_id=version, title="第一课", media_id=media(kind="VIDEO"), by=AUTHOR)
    return version


def film_of(version_id: int) -> int:
    return Courseware.objects.get(version_id=version_id, no=1).pk


def quiz(version_id: int, bank: Any, **order: Any) -> int:
    asked = authoring.QuizOrder(**{"questions": bank[:3], **order})
    return authoring.add_quiz(version_id=version_id, title="课程测验", order=asked, by=AUTHOR)


def codes(version_id: int) -> set[str]:
    return {gap.code for gap in catalogue.gaps(version_id, AT)}


def test_a_quiz_is_a_lesson_without_media(draft: int, bank: Any) -> None:
    key = quiz(draft, bank, tries=2, restudy_minutes=5)
    line = authoring.editor(draft, by=AUTHOR).lessons[1]
    assert (line.id, line.kind, line.is_quiz, line.duration_ms, line.no) == (key, "QUIZ", True, 0, 2)
    view = catalogue.course(draft).coursewares[1]
    assert (view.is_quiz, view.duration_ms, view.media.int) == (True, 0, 0)
    found = catalogue.quiz_of(key)
    assert (found.size, found.tries, found.restudy_minutes, [one[1:] for one in found.questions]) == (3, 2, 5, bank[:3])
    assert [one.kind for one in catalogue.lesson_kinds([draft])] == ["VIDEO", "QUIZ"]
    authoring.edit_quiz(lesson_id=key, title="结业测验", order=authoring.QuizOrder(topics=["消防安全"], count=4), by=AUTHOR)
    assert (catalogue.quiz_of(key).count, catalogue.quiz_of(key).questions) == (4, ())
    with refused("没有文件可以替换"):
        authoring.replace_media(lesson_id=key, media_id=media(), by=AUTHOR)
    authoring.remove_lesson(lesson_id=key, by=AUTHOR)
    assert Quiz.objects.count() == 0


def test_a_quiz_that_asks_nothing_or_too_much_is_refused(draft: int, bank: Any) -> None:
    for order in ({"questions": ()}, {"count": 3}, {"questions": (), "count": 51}, {"pass_score": 0}, {"tries": 11}):
        with refused(""):
            quiz(draft, bank, **order)
    assert (Quiz.objects.count(), Courseware.objects.filter(version_id=draft).count()) == (0, 1)


def test_points_keep_apart_and_within_their_film(draft: int, bank: Any) -> None:
    film = film_of(draft)
    asked = [authoring.PointOrder(20_000, bank[:1]), authoring.PointOrder(40_000, bank[1:3], "back")]
    authoring.save_points(lesson_id=film, points=asked, by=AUTHOR)
    assert [(one.at_ms, one.size, one.on_wrong) for one in catalogue.points_of(film)] == [
        (20_000, 1, "again"),
        (40_000, 2, "back"),
    ]
    assert authoring.editor(draft, by=AUTHOR).lessons[0].points == 2
    for bad in (
        [authoring.PointOrder(2_000, bank[:1])],
        [authoring.PointOrder(58_000, bank[:1])],
        [authoring.PointOrder(20_000, bank[:1]), authoring.PointOrder(25_000, bank[:1])],
        [authoring.PointOrder(20_000, [])],
        [authoring.PointOrder(20_000, bank[:4])],
        [authoring.PointOrder(20_000, bank[:1], "never")],
    ):
        with refused(""):
            authoring.save_points(lesson_id=film, points=bad, by=AUTHOR)
    assert len(catalogue.points_of(film)) == 2
    paper = lesson(draft, "文档")
    with refused("只有视频和音频"):
        authoring.save_points(lesson_id=paper, points=asked, by=AUTHOR)


def test_no_point_lies_where_the_film_counts_as_learnt_without_it(draft: int, bank: Any) -> None:
    film = film_of(draft)
    MediaAsset.objects.filter(courseware=film).update(duration_ms=2_700_000)
    with refused("最后百分之一"):
        authoring.save_points(lesson_id=film, points=[authoring.PointOrder(2_680_000, bank[:1])], by=AUTHOR)
    authoring.save_points(lesson_id=film, points=[authoring.PointOrder(2_672_000, bank[:1])], by=AUTHOR)
    MediaAsset.objects.filter(courseware=film).update(duration_ms=2_698_000)
    assert "quiz_points" in codes(draft)
    MediaAsset.objects.filter(courseware=film).update(state="PROCESSING", duration_ms=None)
    with refused("提问点"):
        authoring.save_points(lesson_id=film, points=[authoring.PointOrder(10**12, bank[:1])], by=AUTHOR)
    assert [one.at_ms for one in catalogue.points_of(film)] == [2_672_000]


def test_only_the_author_writes_and_only_drafts(draft: int, bank: Any) -> None:
    with refused(""):
        authoring.save_points(lesson_id=film_of(draft), points=[], by=COLLEAGUE)
    key = quiz(draft, bank)
    set_state(draft, "IN_REVIEW")
    with refused("已提交"):
        authoring.edit_quiz(lesson_id=key, title="改", order=authoring.QuizOrder(questions=bank[:1]), by=AUTHOR)
    with pytest.raises(DatabaseError), transaction.atomic():
        Quiz.objects.filter(courseware=key).update(pass_score=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        CourseVersion.objects.filter(pk=draft).update(quiz_rule="void-until-done")
    assert catalogue.quiz_of(key).pass_score == 80


def test_what_cannot_be_asked_keeps_a_draft_from_review(draft: int, bank: Any) -> None:
    assert not codes(draft) & {"quiz", "quiz_points", "quiz_rule"}
    authoring.set_quiz_rule(version_id=draft, rule="void-until-done", by=AUTHOR)
    assert "quiz_rule" in codes(draft)
    key = quiz(draft, bank, questions=(), topics=["粉尘防爆"], count=40)
    assert codes(draft) & {"quiz", "quiz_rule"} == {"quiz"}
    authoring.edit_quiz(lesson_id=key, title="测验", order=authoring.QuizOrder(questions=[(uuid4(), 1)]), by=AUTHOR)
    assert "quiz" in codes(draft)
    authoring.edit_quiz(lesson_id=key, title="测验", order=authoring.QuizOrder(questions=bank[:2]), by=AUTHOR)
    authoring.save_points(lesson_id=film_of(draft), points=[authoring.PointOrder(50_000, bank[:1])], by=AUTHOR)
    assert not codes(draft) & {"quiz", "quiz_points", "quiz_rule"}
    authoring.replace_media(lesson_id=film_of(draft), media_id=media(kind="VIDEO"), by=AUTHOR)
    Courseware.objects.get(pk=film_of(draft)).media.__class__.objects.filter(courseware=film_of(draft)).update(duration_ms=52_000)
    assert "quiz_points" in codes(draft)


def test_a_case_with_a_text_is_neither_drawn_nor_chosen_for_nobody_would_mark_it(draft: int, bank: Any) -> None:
    published("Z-1", "case", topic="只有案例", parts=[part("single"), part("text")])
    (entry,) = questions.pool(topics=["只有案例"])
    key = quiz(draft, bank, questions=(), topics=["只有案例"], count=1)
    assert "quiz" in codes(draft)
    authoring.edit_quiz(lesson_id=key, title="测验", order=authoring.QuizOrder(questions=[entry.ref[1:]]), by=AUTHOR)
    assert "quiz" in codes(draft)
    marked = tuple(kind for kind in questions.KINDS if kind != "text")
    assert questions.published(topics=["只有案例"], kinds=marked) == []
    published("Z-2", "case", topic="只有案例", stem="某厂检修时一人触电。")
    assert [one["code"] for one in questions.draw(topics=["只有案例"], count=1, seed=1, kinds=marked)] == ["Z-2"]
    authoring.edit_quiz(lesson_id=key, title="测验", order=authoring.QuizOrder(topics=["只有案例"], count=1), by=AUTHOR)
    assert "quiz" not in codes(draft)


def test_a_version_of_quizzes_alone_has_no_lesson(bank: Any) -> None:
    version = course()
    quiz(version, bank)
    assert "no_lesson" in codes(version)


def test_reviewers_read_what_is_asked_and_see_what_changed(draft: int, bank: Any) -> None:
    before = catalogue.content(draft)
    authoring.save_points(lesson_id=film_of(draft), points=[authoring.PointOrder(20_000, bank[:1], "back")], by=AUTHOR)
    quiz(draft, bank)
    authoring.set_quiz_rule(version_id=draft, rule="void-until-done", by=AUTHOR)
    after = catalogue.content(draft)
    told = "\n".join(after["extra"]["quizzes"])
    stem = questions.items([questions.Ref("shared", *bank[0])])[questions.Ref("shared", *bank[0])]["stem"]
    assert stem in told
    assert "00:20" in told
    assert "回到本段开头" in told
    found = rules.difference(before, after)
    assert {str(change.label) for change in found.fields} == {"测验与学时", "测验和提问点"}
    assert [(one.kind, one.title) for one in found.lessons] == [("added", "课程测验")]
    assert not rules.difference(after, catalogue.content(draft))


# the pages


@pytest.fixture
def who(platform: Any) -> int:
    return operator("AUTHOR")


@pytest.fixture
def page(who: int) -> Client:
    return inside(who)


@pytest.fixture
def mine(who: int, bank: Any) -> int:
    """A draft of the author who looks at the pages."""
    me = authoring.Writer(who, "课程作者甲")
    version = course(me)
    authoring.add_lesson(version_id=version, title="第一课", media_id=media(kind="VIDEO"), by=me)
    return version


def typed(bank: Any, **more: Any) -> dict[str, Any]:
    chosen = json.dumps([{"question": str(key), "version": number} for key, number in bank[:2]])
    return {
        "title": "课程测验",
        "mode": "chosen",
        "chosen": chosen,
        "pass_score": "80",
        "tries": "0",
        "restudy_minutes": "0",
        **more,
    }


def test_an_author_makes_a_quiz_on_its_page(page: Client, mine: int, bank: Any) -> None:
    root = "/desk/authoring"
    shown = page.get(f"{root}/versions/{mine}/quiz").content.decode()
    assert "从题库选题" in shown
    assert page.post(f"{root}/versions/{mine}/quiz", typed(bank, chosen="")).status_code == 422
    assert page.post(f"{root}/versions/{mine}/quiz", typed(bank, tries="2")).status_code == 422
    assert Quiz.objects.count() == 0
    assert page.post(f"{root}/versions/{mine}/quiz", typed(bank)).status_code == 302
    key = Courseware.objects.get(version_id=mine, media=None).pk
    assert bank[0][0].hex[:8] in page.get(f"{root}/lessons/{key}/quiz").content.decode()
    drawn = typed(bank, mode="drawn", count="3", topics=["消防安全"], title="结业测验")
    assert page.post(f"{root}/lessons/{key}/quiz", drawn).status_code == 302
    assert (catalogue.quiz_of(key).count, catalogue.quiz_of(key).lesson_title) == (3, "结业测验")
    assert "结业测验" in page.get(f"{root}/versions/{mine}").content.decode()


def test_an_author_puts_points_on_the_timeline(page: Client, mine: int, bank: Any) -> None:
    address = f"/desk/authoring/lessons/{film_of(mine)}/points"
    assert "在当前时间提问" in page.get(address).content.decode()
    asked = [{"question": str(key), "version": number} for key, number in bank[:1]]
    body = json.dumps({"points": [{"at_ms": 20_000, "on_wrong": "back", "questions": asked}]})
    answer = page.post(address, body, content_type="application/json")
    assert [one["at_ms"] for one in answer.json()["points"]] == [20_000]
    for bad in ("{}", "[", json.dumps({"points": [{"at_ms": 1, "questions": asked}]})):
        assert page.post(address, bad, content_type="application/json").status_code == 422
    assert [one.on_wrong for one in catalogue.points_of(film_of(mine))] == ["back"]
    set_state(mine, "IN_REVIEW")
    assert "只能查看" in page.get(address).content.decode()
    assert page.post(address, json.dumps({"points": []}), content_type="application/json").status_code == 409


def test_questions_are_found_by_word_and_topic(page: Client, bank: Any) -> None:
    found = page.get("/desk/authoring/questions", {"topic": "消防安全", "points": "1"}).json()
    assert {one["topic"] for one in found["questions"]} == {"消防安全"}
    code = found["questions"][0]["code"]
    assert [one["code"] for one in page.get("/desk/authoring/questions", {"q": code}).json()["questions"]] == [code]
    assert page.get("/desk/authoring/questions", {"q": "没有这样的题"}).json() == {"questions": [], "more": False}


def test_a_colleague_sees_none_of_it(mine: int, bank: Any) -> None:
    other = inside(operator("AUTHOR", login="author-b"))
    film = film_of(mine)
    for path in (f"versions/{mine}/quiz", f"lessons/{film}/points"):
        assert other.get(f"/desk/authoring/{path}").status_code == 404
    assert other.post(f"/desk/authoring/lessons/{film}/points", "{}", content_type="application/json").status_code == 404
