"""Courses, versions, chapters and lessons as their author changes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.catalogue.models import Chapter, Course, CourseVersion, Courseware, Topic
from tests.public.authoring.ground import (
    AT,
    AUTHOR,
    COLLEAGUE,
    DAY,
    course,
    lesson,
    media,
    order,
    refused,
    set_state,
    trainer,
    words,
)

pytestmark = pytest.mark.usefixtures("platform")


@pytest.mark.req("R3.3")
def test_a_new_course_takes_the_next_number_of_its_chapter():
    first, second = course(), course(title="叉车复训")
    elsewhere = course(title="电梯", place="CY/ALL/TS")
    found = {row.versions.get().pk: row for row in Course.objects.all()}
    serials = [catalogue.codes.parse(found[key].code).serial for key in (first, second, elsewhere)]
    assert serials == [1, 2, 1]
    assert (found[first].place.title, found[first].industry) == ("特种设备", "制造业")
    assert CourseVersion.objects.get(pk=first).state == "DRAFT"


@pytest.mark.req("R3.3")
def test_refuses_a_code_that_another_course_has():
    course(serial=21)
    with refused("AQ-CY-C-TS-0021-A 已被另一门课程使用") as refusal:
        course(title="重复", serial=21)
    assert (refusal.value.code, refusal.value.status) == ("code_taken", 409)
    assert Course.objects.count() == 1
    course(title="接着编号")
    assert Course.objects.filter(code__startswith="AQ-CY-C-TS-0022").exists()


@pytest.mark.parametrize("place", ["CY/C", "CY/C/ZZ", "FZ/ALL/SX", "", "CY/C/TS/X"])
def test_refuses_a_place_that_is_no_chapter(place):
    with refused("没有这一章"):
        course(place=place)


@pytest.mark.parametrize("node", ["CY/C/TS", "CY/C", "CY"])
def test_refuses_a_place_that_was_retired_at_any_level(node):
    course()
    authoring.retire_topic(topic_id=Topic.objects.get(code=node).pk, at=AT)
    with refused("没有这一章"):
        course(title="新课")
    authoring.restore_topic(topic_id=Topic.objects.get(code=node).pk)
    assert course(title="新课")


def test_refuses_a_trainer_of_somebody_else():
    foreign = authoring.add_trainer(name="外单位讲师", about="", by=authoring.Writer(5, "管理员", "e_jia"))
    course()
    with refused("没有找到讲师"):
        authoring.create_course(place="CY/C/TS", training_category="x", draft=words(foreign), by=AUTHOR, at=AT)


def test_lessons_are_numbered_through_the_chapters_whatever_moves():
    version = course()
    lesson(version, "序")
    one, two = (authoring.add_chapter(version_id=version, title=title, by=AUTHOR) for title in ("一", "二"))
    a, b = lesson(version, "甲", chapter=one), lesson(version, "乙", chapter=one)
    lesson(version, "丙", chapter=two)
    assert order(version) == [(1, "序"), (2, "甲"), (3, "乙"), (4, "丙")]
    authoring.move_lesson(lesson_id=a, by_steps=1, by=AUTHOR)
    assert [title for _no, title in order(version)] == ["序", "乙", "甲", "丙"]
    authoring.move_lesson(lesson_id=a, by_steps=1, by=AUTHOR)
    assert [title for _no, title in order(version)] == ["序", "乙", "甲", "丙"], "first of the next chapter"
    assert Courseware.objects.get(pk=a).chapter_id == two
    authoring.move_chapter(chapter_id=two, by_steps=-1, by=AUTHOR)
    assert order(version) == [(1, "序"), (2, "甲"), (3, "丙"), (4, "乙")]
    authoring.remove_lesson(lesson_id=a, by=AUTHOR)
    assert order(version) == [(1, "序"), (2, "丙"), (3, "乙")]
    for _ in range(3):
        authoring.move_lesson(lesson_id=b, by_steps=-1, by=AUTHOR)
    assert [title for _no, title in order(version)] == ["序", "乙", "丙"]
    assert list(Chapter.objects.filter(version=version).order_by("no").values_list("no", "title")) == [(1, "二"), (2, "一")]


def test_moving_at_the_ends_changes_nothing():
    version = course()
    one = authoring.add_chapter(version_id=version, title="一", by=AUTHOR)
    only = lesson(version, "甲", chapter=one)
    for step in (-1, 1):
        authoring.move_lesson(lesson_id=only, by_steps=step, by=AUTHOR)
        authoring.move_chapter(chapter_id=one, by_steps=step, by=AUTHOR)
    assert order(version) == [(1, "甲")]


def test_refuses_to_remove_a_chapter_with_lessons():
    version = course()
    one = authoring.add_chapter(version_id=version, title="一", by=AUTHOR)
    lesson(version, "甲", chapter=one)
    with refused("先把课件移"):
        authoring.remove_chapter(chapter_id=one, by=AUTHOR)
    assert Chapter.objects.filter(pk=one).exists()


def test_refuses_a_chapter_of_another_version():
    mine, other = course(), course(title="另一门")
    chapter = authoring.add_chapter(version_id=other, title="一", by=AUTHOR)
    with refused("没有找到章节"):
        lesson(mine, "甲", chapter=chapter)
    assert order(mine) == []


@pytest.mark.req("R3.3")
@pytest.mark.parametrize("state", ["IN_REVIEW", "PUBLISHED", "RETIRED", "RECALLED"])
def test_refuses_every_change_once_submitted(state):
    version = course()
    chapter = authoring.add_chapter(version_id=version, title="一", by=AUTHOR)
    part = lesson(version, "甲", chapter=chapter)
    set_state(version, state)
    for act in _changes(version, chapter, part, AUTHOR):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "frozen"
    assert order(version) == [(1, "甲")]


def test_somebody_elses_draft_is_not_there():
    version = course()
    chapter = authoring.add_chapter(version_id=version, title="一", by=AUTHOR)
    part = lesson(version, "甲", chapter=chapter)
    for by in (COLLEAGUE, authoring.Writer(1, "管理员", "e_jia")):
        for act in (*_changes(version, chapter, part, by), lambda who=by: authoring.editor(version, by=who)):
            with pytest.raises(DomainError) as refusal:
                act()
            assert refusal.value.code == "not_found"
        assert not authoring.course_lines(by=by).object_list
    assert order(version) == [(1, "甲")]


def _changes(version, chapter, part, by):
    return [
        lambda: authoring.edit_version(version_id=version, draft=words(1), by=by),
        lambda: authoring.add_chapter(version_id=version, title="二", by=by),
        lambda: authoring.rename_chapter(chapter_id=chapter, title="改", by=by),
        lambda: authoring.move_chapter(chapter_id=chapter, by_steps=1, by=by),
        lambda: authoring.remove_chapter(chapter_id=chapter, by=by),
        lambda: authoring.add_lesson(version_id=version, title="乙", media_id=1, by=by),
        lambda: authoring.rename_lesson(lesson_id=part, title="改", by=by),
        lambda: authoring.move_lesson(lesson_id=part, by_steps=1, by=by),
        lambda: authoring.replace_media(lesson_id=part, media_id=1, by=by),
        lambda: authoring.remove_lesson(lesson_id=part, by=by),
    ]


@pytest.mark.req("R3.3")
def test_a_new_version_is_a_copy_of_what_is_published_and_leaves_it_alone():
    version = course()
    chapter = authoring.add_chapter(version_id=version, title="一", by=AUTHOR)
    part = lesson(version, "甲", chapter=chapter)
    set_state(version, "PUBLISHED")
    row = CourseVersion.objects.get(pk=version)
    heard = []
    catalogue.version_copied.connect(receiver := lambda **news: heard.append(news), weak=False)
    try:
        made = authoring.new_version(course_id=row.course_id, by=COLLEAGUE, at=AT)
    finally:
        catalogue.version_copied.disconnect(receiver)
    copy = CourseVersion.objects.get(pk=made)
    assert (copy.number, copy.state, copy.origin_id, copy.author_id) == (2, "DRAFT", version, COLLEAGUE.credential_id)
    assert (copy.title, copy.key_points, copy.trainer_id) == (row.title, row.key_points, row.trainer_id)
    new_part = Courseware.objects.get(version=made)
    assert (new_part.title, new_part.chapter.title, new_part.chapter.version_id) == ("甲", "一", made)
    assert heard[0]["lessons"] == {part: new_part.pk}
    authoring.rename_lesson(lesson_id=new_part.pk, title="甲（新）", by=COLLEAGUE)
    assert order(version) == [(1, "甲")]


@pytest.mark.parametrize("state", ["DRAFT", "IN_REVIEW"])
def test_refuses_a_second_open_draft(state):
    version = course()
    set_state(version, state)
    row = CourseVersion.objects.get(pk=version)
    with refused("第 1 版还没有发布") as refusal:
        authoring.new_version(course_id=row.course_id, by=AUTHOR, at=AT)
    assert refusal.value.details["version_id"] == version
    assert CourseVersion.objects.count() == 1


def test_after_undo_the_copy_comes_from_the_published_version_and_takes_a_fresh_number():
    version = course(title="第一版")
    row = CourseVersion.objects.get(pk=version)
    set_state(version, "PUBLISHED")
    second = authoring.new_version(course_id=row.course_id, by=AUTHOR, at=AT)
    authoring.edit_version(version_id=second, draft=words(row.trainer_id, title="第二版"), by=AUTHOR)
    set_state(second, "RETIRED")
    third = CourseVersion.objects.get(pk=authoring.new_version(course_id=row.course_id, by=AUTHOR, at=AT))
    assert (third.number, third.title) == (3, "第一版")


@pytest.mark.parametrize(
    ("until", "says"),
    [(DAY - timedelta(days=1), "有效期至 2026-11-19，已过期"), (DAY, ""), (DAY + timedelta(days=1), ""), (None, "")],
)
def test_the_trainer_must_be_qualified_on_the_day_of_submission(until, says):
    version = course()
    authoring.edit_version(version_id=version, draft=words(trainer(name="讲师乙", until=until)), by=AUTHOR)
    gaps = [str(gap.text) for gap in catalogue.gaps(version, AT) if gap.code == "trainer_unqualified"]
    assert (says in gaps[0]) if says else gaps == []


@pytest.mark.parametrize("begin", [None, DAY + timedelta(days=1)])
def test_a_trainer_without_a_certificate_of_today_is_not_qualified(begin):
    version = course()
    key = authoring.add_trainer(name="讲师丙", about="", by=AUTHOR)
    if begin:
        authoring.add_qualification(
            trainer_id=key, title="一级", number="", issuer="", valid_from=begin, valid_to=None, by=AUTHOR
        )
    authoring.edit_version(version_id=version, draft=words(key), by=AUTHOR)
    lesson(version, "甲")
    says = "从 2026-11-21 起才有效" if begin else "还没有登记资格"
    assert any(says in str(gap.text) for gap in catalogue.gaps(version, AT))
    with pytest.raises(DomainError) as refusal:
        catalogue.submit(version_id=version, by_id=1, at=AT)
    assert "trainer_unqualified" in {gap["code"] for gap in refusal.value.details["missing"]}
    assert CourseVersion.objects.get(pk=version).state == "DRAFT"


def test_certificates_say_when_they_end():
    key = trainer(until=DAY + timedelta(days=60))
    line = authoring.trainer(key, by=AUTHOR, on=DAY)
    assert line.best.standing == "SOON"
    assert authoring.trainer(key, by=AUTHOR, on=DAY - timedelta(days=1)).best.standing == "VALID"
    assert authoring.trainer(key, by=AUTHOR, on=DAY + timedelta(days=61)).best.standing == "EXPIRED"
    assert authoring.trainer(key, by=AUTHOR, on=date(2025, 12, 31)).best.standing == "FUTURE"


def test_a_certificate_of_a_used_trainer_stays():
    version = course()
    held = CourseVersion.objects.get(pk=version).trainer.qualifications.get()
    set_state(version, "IN_REVIEW")
    with refused("保留备查"):
        authoring.remove_qualification(qualification_id=held.pk, by=AUTHOR)
    spare = authoring.trainer(trainer(name="讲师丁"), by=AUTHOR, on=DAY)
    with refused("没有找到"):
        authoring.remove_qualification(qualification_id=spare.best.id, by=authoring.Writer(1, "管理员", "e_jia"))
    authoring.remove_qualification(qualification_id=spare.best.id, by=AUTHOR)
    assert authoring.trainer(spare.id, by=AUTHOR, on=DAY).best is None


def test_a_lesson_whose_media_are_in_the_making_is_a_gap():
    version = course()
    lesson(version, "甲", ready=False)
    assert "media" in {gap.code for gap in catalogue.gaps(version, AT)}
    authoring.replace_media(lesson_id=Courseware.objects.get(version=version).pk, media_id=media(), by=AUTHOR)
    assert "media" not in {gap.code for gap in catalogue.gaps(version, AT)}
