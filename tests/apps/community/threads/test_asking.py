"""What learners do: ask, ask on, mend, join in, choose, close, report; what is refused changes nothing."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from PIL import Image

from apps.community.threads import asking, moderating, pictures, places, policy, queries, rules
from apps.community.threads.models import BannedWord, Post, Report, Thread, Vote
from apps.people.models import Notice
from infra.kit import clock
from infra.kit.errors import DomainError
from tests.apps.community.threads import ground
from tests.apps.community.threads.ground import ask
from tests.apps.plans.ground import resident_id
from tests.conftest import NOON


@pytest.fixture
def talk(in_jia) -> ground.Talk:
    return ground.talk()


def refused(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


@pytest.mark.req("R2.8")
def test_a_question_keeps_its_second_and_is_due_in_two_working_days(talk):
    row = ask(talk)
    assert (row.course_title, row.lesson_title, row.at_ms, row.page) == ("消防安全常识", "第 2 节", 65_000, None)
    assert row.state == "OPEN"
    assert f"{row.due_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" == "2026-11-25 18:00"
    assert list(Notice.objects.filter(kind="talk.asked").values_list("manager_id", flat=True)) == [talk.owner.id]


def test_a_place_is_checked_against_the_learners_own_plan(talk):
    def at(**more):
        given = {"learner_id": talk.asker.id, "assignment": talk.place.assignment, "version_id": talk.place.version_id, **more}
        return places.place(**given)

    lesson = talk.place.courseware_id
    assert at().lesson_title == ""
    assert at(courseware_id=lesson, at_ms=999_999_999).at_ms == 120_000
    assert at(courseware_id=lesson, page=3).page == 3
    assert refused(lambda: at(version_id=987_654)) == "not_found"
    assert refused(lambda: at(courseware_id=987_654)) == "not_found"
    assert refused(lambda: at(learner_id=talk.other.id)) == "not_found"
    assert refused(lambda: at(courseware_id=lesson, at_ms=-1)) == "bad_place"
    assert refused(lambda: at(courseware_id=lesson, at_ms=1, page=1)) == "bad_place"
    assert refused(lambda: at(courseware_id=lesson, page=0)) == "bad_place"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("多久", "too_short"),
        ("　\u200b\n  ", "too_short"),
        ("问" * 1001, "too_long"),
        ("请打13800001234告诉我", "personal_data"),
        (f"我的证号是{resident_id(1)}", "personal_data"),
        ("谁有刷课 软件可以用", "banned_word"),
        ("请问暗号甲是什么意思", "banned_word"),
    ],
)
def test_unfit_words_are_refused_and_nothing_is_kept(talk, words, code):
    BannedWord.objects.create(word="暗号甲", at=NOON)
    assert refused(lambda: ask(talk, words)) == code
    assert (Thread.objects.count(), Notice.objects.filter(kind="talk.asked").count()) == (0, 0)


def test_the_same_words_twice_are_one_question(talk):
    ask(talk)
    assert refused(lambda: ask(talk)) == "asked_already"
    assert Thread.objects.count() == 1


def test_too_many_questions_in_an_hour_are_refused(talk):
    policy.set_rule(wanted=rules.Rule(2, 30, 2, False), by=talk.owner.id, at=NOON)
    ask(talk, "第一个问题是什么")
    ask(talk, "第二个问题是什么")
    with pytest.raises(DomainError) as refusal:
        ask(talk, "第三个问题是什么")
    assert refusal.value.status == 429
    assert Thread.objects.count() == 2


def test_a_picture_is_kept_sealed_under_the_enterprises_prefix(talk, jia):
    from django.core.files.storage import default_storage

    row = ask(talk, picture=ground.picture())
    assert row.picture.startswith(f"enterprises/{jia.schema_name}/talk/")
    with default_storage.open(row.picture) as file:
        assert not file.read().startswith(b"\xff\xd8")
    assert pictures.content(row.picture).startswith(b"\xff\xd8")
    assert refused(lambda: ask(talk, "这张图是怎么回事", picture=b"<svg/>")) == "picture_unfit"
    assert Thread.objects.count() == 1


def test_a_few_kilobytes_do_not_unpack_to_half_a_gigabyte():
    """A JPEG of so many pixels is a phone's; it is unpacked at half the size. A strip is not, nor is any PNG."""
    for kind, size in (("PNG", (5000, 5000)), ("JPEG", (40_000, 600))):
        out = io.BytesIO()
        Image.new("L", size).save(out, kind)
        assert refused(partial(pictures.drawn_anew, out.getvalue())) == "picture_unfit"
    out = io.BytesIO()
    Image.new("L", (6000, 5000)).save(out, "JPEG")
    with Image.open(io.BytesIO(pictures.drawn_anew(out.getvalue()))) as drawn:
        assert drawn.size == (1600, 1333)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_whose_exif_ends_in_the_middle_is_refused_in_words(talk, kind):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, kind, exif=b"Exif\0\0II*\0")
    assert refused(lambda: ask(talk, picture=out.getvalue())) == "picture_unfit"
    assert not Thread.objects.exists()


def test_a_follow_up_lets_the_question_wait_again(talk):
    row = ask(talk)
    ground.answer(talk, row)
    later = NOON + timedelta(days=7)
    asking.follow_up(thread=row.uuid, learner_id=talk.asker.id, words="没有压力表的怎么查？", at=later)
    row.refresh_from_db()
    assert row.state == "OPEN"
    assert row.due_at > later
    assert row.first_late is False
    assert (
        refused(lambda: asking.follow_up(thread=row.uuid, learner_id=talk.other.id, words="我也想问一下", at=NOON)) == "not_found"
    )
    asking.close(thread=row.uuid, learner_id=talk.asker.id)
    assert refused(lambda: asking.follow_up(thread=row.uuid, learner_id=talk.asker.id, words="再问一个问题", at=NOON)) == "closed"
    assert Post.objects.filter(kind="FOLLOW_UP").count() == 1


def test_words_may_be_mended_until_the_time_is_over_or_somebody_answered(talk):
    row = ask(talk)

    def mend(minutes: int, who=talk.asker):
        words = "干粉灭火器多久检查一次？"
        return asking.mend(thread=row.uuid, learner_id=who.id, words=words, at=NOON + timedelta(minutes=minutes))

    assert refused(lambda: mend(30)) == "too_late"
    assert refused(lambda: mend(1, talk.other)) == "not_found"
    assert Thread.objects.get().words == ground.WORDS
    mend(29)
    row.refresh_from_db()
    assert row.words.startswith("干粉")
    assert "干粉" in row.tokens
    ground.answer(talk, row, at=NOON + timedelta(minutes=2))
    assert refused(lambda: mend(3)) == "too_late"


def test_others_join_in_once_and_hear_of_the_answer(talk):
    row = ask(talk)
    join = {"thread": row.uuid, "learner_id": talk.other.id, "codes": talk.codes, "at": NOON}
    assert asking.vote(**join) == 1
    ground.answer(talk, row)
    told = Notice.objects.filter(kind="talk.answered").values_list("learner_id", flat=True)
    assert set(told) == {talk.asker.id, talk.other.id}
    assert asking.vote(**join) == 0
    assert refused(lambda: asking.vote(**join | {"learner_id": talk.asker.id})) == "own_question"
    assert refused(lambda: asking.vote(**join | {"codes": frozenset()})) == "not_found"
    assert Vote.objects.count() == 0


def test_who_asked_marks_one_best_answer(talk):
    row = ask(talk)
    first, second = ground.answer(talk, row), ground.answer(talk, row, "还要看是否在有效期内。")
    more = asking.follow_up(thread=row.uuid, learner_id=talk.asker.id, words="有效期写在哪里？", at=NOON)
    for post in (first, second):
        asking.choose_best(thread=row.uuid, post=post.uuid, learner_id=talk.asker.id, at=NOON)
    assert list(Post.objects.filter(is_best=True)) == [second]
    for post, who, code in (
        (more.uuid, talk.asker, "not_an_answer"),
        (uuid4(), talk.asker, "not_found"),
        (first.uuid, talk.other, "not_found"),
    ):
        assert (
            refused(lambda post=post, who=who: asking.choose_best(thread=row.uuid, post=post, learner_id=who.id, at=NOON)) == code
        )
    assert list(Post.objects.filter(is_best=True)) == [second]


def test_a_report_reaches_the_moderators_once(talk):
    row = ask(talk)
    told = {"thread": row.uuid, "post": None, "learner_id": talk.other.id, "codes": talk.codes, "at": NOON}
    asking.report(**told, reason="AD")
    assert refused(lambda: asking.report(**told, reason="AD")) == "reported"
    assert refused(lambda: asking.report(**told, reason="")) == "reason_missing"
    assert Report.objects.count() == 1
    assert Notice.objects.filter(kind="talk.reported").count() == 1


def test_hidden_words_are_seen_by_their_author_alone_and_can_come_back(talk):
    row = ask(talk)
    ground.answer(talk, row)
    asking.report(thread=row.uuid, post=None, learner_id=talk.other.id, codes=talk.codes, reason="AD", at=NOON)

    def page(who):
        return queries.page(row.uuid, learner_id=who.id, codes=talk.codes, at=NOON)

    moderating.hide(thread=row.uuid, post=None, by=talk.owner, within=None, reason="与课程无关", at=NOON)
    assert page(talk.asker).thread.hidden_reason == "与课程无关"
    assert refused(lambda: page(talk.other)) == "not_found"
    assert not queries.of_course("AQ-CY-T1").exists()
    assert not queries.of_course("AQ-CY-T1", text="灭火器检查").exists()
    assert not Report.objects.filter(settled_at=None).exists()
    assert list(Notice.objects.filter(learner_id=talk.other.id, kind__startswith="talk.").values_list("kind", flat=True)) == [
        "talk.report_hidden"
    ]
    assert (
        refused(lambda: moderating.hide(thread=row.uuid, post=None, by=talk.owner, within=None, reason="再次", at=NOON))
        == "hidden"
    )
    moderating.restore(thread=row.uuid, post=None, by=talk.owner, within=None, at=NOON)
    assert page(talk.other).thread.words == ground.WORDS
    assert set(Notice.objects.filter(learner_id=talk.asker.id).values_list("kind", flat=True)) >= {"talk.hidden", "talk.restored"}


def test_a_hidden_answer_is_neither_shown_nor_found(talk):
    row = ask(talk)
    post = ground.answer(talk, row, "用水泥封住就可以了。")
    assert queries.of_course("AQ-CY-T1", text="水泥封住").exists()
    with pytest.raises(DomainError):
        moderating.hide(thread=row.uuid, post=post.uuid, by=talk.owner, within=None, reason=" ", at=NOON)
    assert Post.objects.get(pk=post.pk).hidden_at is None
    moderating.hide(thread=row.uuid, post=post.uuid, by=talk.owner, within=None, reason="说法有误", at=NOON)
    assert queries.page(row.uuid, learner_id=talk.asker.id, codes=talk.codes, at=NOON).said == []
    assert not queries.of_course("AQ-CY-T1", text="水泥封住").exists()


def test_a_report_that_is_not_true_is_settled_and_the_words_stay(talk):
    row = ask(talk)
    asking.report(thread=row.uuid, post=None, learner_id=talk.other.id, codes=talk.codes, reason="AD", at=NOON)
    assert moderating.keep(thread=row.uuid, post=None, by=talk.owner, within=None, at=NOON) == 1
    assert moderating.keep(thread=row.uuid, post=None, by=talk.owner, within=None, at=NOON) == 0
    assert Thread.objects.get().hidden_at is None
    assert list(Notice.objects.filter(learner_id=talk.other.id, kind__startswith="talk.").values_list("kind", flat=True)) == [
        "talk.report_kept"
    ]
    page = queries.page(row.uuid, learner_id=talk.other.id, codes=talk.codes, at=NOON)
    assert (page.has_reported, page.is_settled) == (True, True)
