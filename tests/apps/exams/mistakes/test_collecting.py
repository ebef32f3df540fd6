"""What enters the book: wrong answers, once each, whichever way they come; what leaves it and comes back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.exams import api as exams
from apps.exams.mistakes import queries, rules, services
from apps.exams.mistakes.models import Collected, Mistake
from apps.plans.events import answers_marked
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.exams.mistakes.items import fail, item, right, wrong
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

pytestmark = pytest.mark.req("R2.8")
DAY = timedelta(days=1)


@pytest.fixture
def me(in_jia):
    return ground.learner(1).id


def collect(me, *answers, ref=None, at=NOON, source="exam"):
    return exams.collect(learner_id=me, source=source, ref=ref or uuid4(), answers=list(answers), at=at)


def mastered(me, one):
    """Answer a question rightly on three days on which it is due."""
    for _time in range(3):
        row = Mistake.objects.get(learner_id=me, key=rules.key_of(one))
        at = NOON + (row.due_on - NOON.date()) * 1
        collect(me, right(one), source="practice", at=at)
    return Mistake.objects.get(learner_id=me, key=rules.key_of(one))


def test_wrong_answers_enter_and_right_ones_do_not(me):
    assert collect(me, wrong(item("single", no=1, key=1)), right(item("judge", no=2, key=2))) == 2
    row = Mistake.objects.get()
    assert (row.key, row.point, row.times, row.due_on, row.mastered_at) == (
        f"shared:{item(key=1)['question']}",
        "用电",
        1,
        NOON.date(),
        None,
    )
    assert not {"no", "score"} & set(row.item)
    assert row.item["answer"] == ["A"]
    assert sorted(Collected.objects.values_list("no", "right")) == [(1, False), (2, True)]


def test_the_same_answers_told_twice_are_there_once_and_later_numbers_are_added(me):
    ref, one, two = uuid4(), item(no=1, key=1), item("judge", no=2, key=2)
    assert collect(me, wrong(one), ref=ref) == 1
    assert collect(me, wrong(one), ref=ref, at=NOON + DAY) == 0
    assert collect(me, wrong(one), wrong(two), ref=ref) == 1
    assert list(Mistake.objects.order_by("key").values_list("times", flat=True)) == [1, 1]
    assert Collected.objects.count() == 2


def test_wrong_again_is_counted_and_due_at_once_with_the_newer_version(me):
    fail(me, item(key=1))
    later = NOON + 9 * DAY
    fail(me, item(key=1, version=2, stem="新的题干怎样做？", points=["挂牌上锁"]), at=later)
    row = Mistake.objects.get()
    assert (row.times, row.due_on, row.item["version"], row.point) == (2, later.date(), 2, "挂牌上锁")


def test_three_right_answers_on_days_when_due_take_it_out_and_a_wrong_one_brings_it_back(me):
    one = item(key=1)
    fail(me, one)
    row = mastered(me, one)
    assert row.mastered_at is not None
    assert queries.due_count(me, at=NOON + 900 * DAY) == 0
    assert queries.counts(me) == (0, 1)
    fail(me, one, at=row.mastered_at + DAY)
    again = Mistake.objects.get()
    assert (again.mastered_at, again.times) == (None, 2)
    assert queries.due_count(me, at=row.mastered_at + DAY) == 1


def test_what_was_mastered_can_be_put_back_by_its_learner_alone(me):
    one = item(key=1)
    fail(me, one)
    row = mastered(me, one)
    at = row.mastered_at + DAY
    with pytest.raises(DomainError) as refusal:
        services.put_back(mistake=row.uuid, learner_id=ground.learner(2).id, at=at)
    assert (refusal.value.code, Mistake.objects.get().mastered_at) == ("not_found", row.mastered_at)
    services.put_back(mistake=row.uuid, learner_id=me, at=at)
    services.put_back(mistake=row.uuid, learner_id=me, at=at + DAY)
    back = Mistake.objects.get()
    assert (back.mastered_at, back.due_on, back.memory.mastery) == (None, at.date(), 0)


def test_parts_of_a_case_are_questions_of_their_own(me):
    case = {"stem": "某车间起火。", "media": [], "of": 2}
    fail(me, item(key=1, case={"no": 1, **case}), item("judge", key=1, case={"no": 2, **case}))
    assert Mistake.objects.count() == 2


def test_papers_from_before_there_were_banks_are_taken_in(me):
    old = {"no": 1, "id": 7, "code": "Q007", "kind": "single", "topic": "消防", "stem": "着火了怎么办？", "answer": ["A"],
           "options": [{"key": "A", "text": "报警"}, {"key": "B", "text": "跑"}], "explanation": "", "basis": ""}  # fmt: skip
    collect(me, wrong(old))
    row = Mistake.objects.get()
    assert (row.key, row.point) == ("code:Q007", "消防")


def test_a_question_without_point_and_topic_has_a_place_too():
    assert rules.point_of({"stem": "?", "points": [" "], "topic": ""}) == rules.NO_POINT


def test_a_quiz_tells_its_answers_by_a_signal_that_may_come_twice(me):
    said = [{"item": item(no=1, key=1), "response": ["B"], "right": False}]
    ref = str(uuid4())
    for _time in range(2):
        answers_marked.send(sender=None, learner_id=me, source="quiz", ref=ref, answers=said)
    assert (Mistake.objects.get().times, Collected.objects.get().source) == (1, "quiz")


def test_what_a_quiz_holds_back_enters_when_it_is_told_without(me):
    ref, bad, good = uuid4(), wrong(item(no=1, key=1)), right(item("judge", no=2, key=2))
    said = {"learner_id": me, "source": "quiz", "ref": ref, "answers": [bad, good], "at": NOON}
    assert (exams.collect(**said, held=True), exams.collect(**said, held=True)) == (2, 0)
    assert not Mistake.objects.exists()
    assert sorted(Collected.objects.values_list("no", "right", "held")) == [(1, False, True), (2, True, False)]
    for _time in range(2):
        exams.collect(**said)
    assert Mistake.objects.get().times == 1
    assert not Collected.objects.filter(held=True).exists()


@pytest.mark.req("S2")
def test_the_neighbour_sees_nothing_of_it(me, yi):
    fail(me, item(key=1))
    with enterprise_scope(yi):
        assert not Mistake.objects.exists()
        assert not Collected.objects.exists()
        assert queries.points(me, at=NOON) == []


def test_an_exam_that_shows_no_questions_counts_for_weak_points_and_stays_out_of_the_book(me):
    one = item(key=1)
    assert exams.collect(learner_id=me, source="exam", ref=uuid4(), answers=[wrong(one)], at=NOON, in_book=False) == 1
    assert not Mistake.objects.exists()
    assert Collected.objects.count() == 1
