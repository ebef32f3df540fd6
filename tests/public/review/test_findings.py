"""Findings pinned to their place; resubmission and its difference."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from public.catalogue.models import CourseVersion
from public.review import api as review
from public.review import rules
from public.review.models import Finding, Submission
from public.review.queries import board as boards
from tests.public.questions.ground import published
from tests.public.review.ground import AT, House, refused, successor

pytestmark = pytest.mark.req("R3.1")


def pin(people: House, version: int, **words: Any) -> int:
    where = {"place": "SECOND", "lesson_no": 1, "at_ms": 12_000, **words.pop("where", {})}
    values = {"angle": "FIT", "severity": "MUST", "text": "这里的做法与规程不符", **words}
    if "me" not in values:
        values["me"] = people.of(version, values["angle"])
    return review.pin(version_id=version, where=review.Pin(**where), at=AT, **values)


@pytest.fixture
def submitted(version: int, people: House) -> int:
    review.submit(version_id=version, me=people.author, at=AT)
    return version


def test_a_finding_sits_on_a_second_a_page_a_question_or_the_whole(submitted: int, people: House) -> None:
    published("Q-1")
    blank = {"lesson_no": None, "at_ms": None}
    places = [
        {},
        {"place": "PAGE", "at_ms": None, "page": 3},
        {"place": "QUESTION", **blank, "question": "Q-1"},
        {"place": "WHOLE", **blank},
    ]
    for where in places:
        pin(people, submitted, where=where)
    found = boards.findings(submitted)
    assert {row.place for row in found} == {"SECOND", "PAGE", "QUESTION", "WHOLE"}
    assert next(row for row in found if row.place == "SECOND").at_ms == 12_000


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"lesson_no": 9}, "no_lesson"),
        ({"at_ms": 600_001}, "beyond_end"),
        ({"at_ms": None}, "beyond_end"),
        ({"place": "PAGE", "page": 0}, "bad_page"),
        ({"place": "QUESTION", "question": "没有这道题"}, "no_question"),
    ],
)
def test_a_place_that_is_not_there_is_refused(submitted: int, people: House, where: dict[str, Any], code: str) -> None:
    with refused(code):
        pin(people, submitted, where=where)
    assert not Finding.objects.exists()


def test_only_the_angles_reviewer_writes_findings_and_only_during_the_review(version: int, people: House) -> None:
    with refused("wrong_state"):
        pin(people, version, me=people.reviewers[0])
    review.submit(version_id=version, me=people.author, at=AT)
    mine = people.of(version, "FIT")
    with refused("not_assigned"):
        pin(people, version, me=next(me for me in people.reviewers if me != mine))
    with refused("own_work"):
        pin(people, version, me=people.author)
    with refused("text_missing"):
        pin(people, version, text=" ")


def test_the_database_refuses_a_finding_in_two_places(submitted: int, people: House) -> None:
    row = Finding.objects.get(pk=pin(people, submitted))
    row.page = 2
    with pytest.raises(DatabaseError, match="pinned_to_one_place"), transaction.atomic():
        row.save()


def test_resubmission_waits_for_an_answer_to_each_must_and_a_pass_for_its_resolution(submitted: int, people: House) -> None:
    must, should = pin(people, submitted), pin(people, submitted, severity="SHOULD", text="字号可以再大一些")
    with refused("must_open"):
        people.judge(submitted, "FIT")
    people.judge(submitted, "FIT", verdict="RETURN", note="请按意见修改")
    with refused("unanswered") as caught:
        review.submit(version_id=submitted, me=people.author, at=AT + timedelta(hours=1))
    assert caught.value.details["findings"] == [must]
    with refused("not_author"):
        review.answer(finding_id=must, text="已经修改", me=people.reviewers[0], at=AT)
    review.answer(finding_id=must, text="已重新拍摄这一段", me=people.author, at=AT)
    review.submit(version_id=submitted, me=people.author, at=AT + timedelta(hours=1))
    with refused("must_open"):
        people.judge(submitted, "FIT", minutes=61)
    mine = people.of(submitted, "FIT")
    review.reopen(finding_id=must, text="画面仍是旧的", me=mine, at=AT)
    review.answer(finding_id=must, text="这次换了画面", me=people.author, at=AT)
    review.resolve(finding_id=must, me=mine, at=AT)
    with refused("wrong_state"):
        review.answer(finding_id=must, text="再说一句话", me=people.author, at=AT)
    assert people.judge(submitted, "FIT", minutes=62).verdict == "PASS"
    talk = list(Finding.objects.get(pk=must).entries.order_by("pk").values_list("kind", flat=True))
    assert talk == ["ANSWER", "REOPEN", "ANSWER", "RESOLVE"]
    assert Finding.objects.get(pk=should).state == "OPEN"


def test_others_do_not_settle_a_finding(submitted: int, people: House) -> None:
    found, mine = pin(people, submitted), people.of(submitted, "FIT")
    other = next(me for me in people.reviewers if me != mine)
    for act in (review.resolve, review.reopen):
        with refused("not_assigned"):
            act(finding_id=found, text="不由我负责", me=other, at=AT)
    assert Finding.objects.get().state == "OPEN"


def test_a_resubmission_is_shown_as_a_difference_and_every_angle_is_judged_anew(submitted: int, people: House) -> None:
    people.judge(submitted, "POLITICAL")
    people.judge(submitted, "FIT", verdict="RETURN", note="请补充要点")
    CourseVersion.objects.filter(pk=submitted).update(title="有限空间作业安全", key_points=["先通风", "再检测"])
    review.submit(version_id=submitted, me=people.author, at=AT + timedelta(hours=1))
    newest = boards.newest(submitted)
    assert newest is not None
    former, difference = boards.changes(newest)
    assert former is not None
    assert (former.number, newest.number) == (1, 2)
    assert difference is not None
    assert [str(change.label) for change in difference.fields] == ["课程名称", "要点"]
    assert [(piece.kind, piece.text) for piece in difference.fields[0].pieces][:3] == [
        ("gone", "受"), ("same", "限"), ("gone", "限"),
    ] or ("new", "有") in [(piece.kind, piece.text) for piece in difference.fields[0].pieces]  # fmt: skip
    assert not difference.lessons
    assert boards.board(submitted).passed_count == 0
    assert boards.last_checks(submitted, "POLITICAL") == review.every_check("POLITICAL")
    assert Submission.objects.get(number=1).content["title"] == "受限空间作业安全"


def test_a_noes_answer_is_not_proposed_again(submitted: int, people: House) -> None:
    people.judge(submitted, "FIT", verdict="RETURN", note="请补充做法", checks={**review.every_check("FIT"), "practice": "no"})
    assert "practice" not in boards.last_checks(submitted, "FIT")


def test_a_new_version_is_compared_with_the_one_before_it(version: int, people: House) -> None:
    people.publish(version)
    draft = successor(version, title="有限空间作业安全")
    review.submit(version_id=draft, me=people.author, at=AT + timedelta(days=1))
    newest = boards.newest(draft)
    assert newest is not None
    former, difference = boards.changes(newest)
    assert former is not None
    assert former.version_id == version
    assert difference is not None
    assert [str(change.label) for change in difference.fields] == ["课程名称"]


def _content(*lessons: tuple[int, str, str]) -> dict[str, Any]:
    rows = [{"no": no, "title": title, "chapter": "", "media": media, "duration_ms": 1} for no, title, media in lessons]
    return {"title": "甲", "lessons": rows, "extra": {}}


def test_lessons_are_told_apart_as_added_removed_changed_and_moved() -> None:
    before = _content((1, "一", "a"), (2, "二", "b"), (3, "三", "c"), (4, "四", "d"))
    after = _content((1, "一", "a"), (2, "三", "c"), (3, "二", "x"), (5, "五", "e"))
    found = {(change.kind, change.title) for change in rules.difference(before, after).lessons}
    assert found == {("moved", "三"), ("changed", "二"), ("added", "五"), ("removed", "四")}
    assert not rules.difference(before, before)


@pytest.mark.parametrize(("text", "ms"), [("00:12", 12_000), ("1:02:03", 3_723_000), ("90：05", 5_405_000), ("00:12.5", 12_500)])
def test_reads_times_as_people_write_them(text: str, ms: int) -> None:
    assert rules.milliseconds(text) == ms


@pytest.mark.parametrize("text", ["", "12", "0:75", "a:bc", "-1:00", "00:12:"])
def test_refuses_times_that_are_none(text: str) -> None:
    with refused("bad_time"):
        rules.milliseconds(text)
