"""The queue: taken by one, marked once, with a reason; the last mark settles the try and tells the learner."""

import pytest

from apps.exams.marking import periods, queries, queue, rules
from apps.exams.marking.models import MarkingRule, MarkTask
from apps.exams.models import Attempt
from apps.people.models import Notice
from infra.kit import clock
from tests.apps.exams.marking.ground import LATER, choice, entries, everyone, managers, sit, text
from tests.apps.exams.sitting.ground import MINUTE, code_of
from tests.apps.plans.ground import NOON

KEY = rules.key_of(text(9, no=2))
PAPER = [choice(1, no=1, score=4), text(9, no=2, score=8), text(8, no=3, score=8)]


@pytest.fixture
def two(in_jia):
    return managers()


@pytest.fixture
def views(two):
    return everyone(2)


@pytest.fixture
def sat(views):
    return [sit(view, PAPER, {1: "对的", 2: "先断电", 3: "打 120"}) for view in views]


def mark(task, points, by, reason="漏了判断呼吸这一步。", at=LATER, own=None):
    queue.mark(task=task.uuid, points=points, reason=reason, by=by, own=own, at=at)


def untouched(code, call):
    before = list(MarkTask.objects.order_by("pk").values()), list(Attempt.objects.order_by("pk").values("score", "state"))
    assert code_of(call) == code
    after = list(MarkTask.objects.order_by("pk").values()), list(Attempt.objects.order_by("pk").values("score", "state"))
    assert after == before


@pytest.mark.req("R2.8")
def test_handing_in_queues_written_answers_with_a_date_and_the_last_mark_makes_the_result(two, views, sat):
    me, _other = two
    tasks = MarkTask.objects.filter(attempt=sat[0]).order_by("no")
    assert [(task.no, task.most, task.points) for task in tasks] == [(2, 8, None), (3, 8, None)]
    assert clock.shanghai_date(tasks[0].due_at).isoformat() == "2026-11-26", "three working days"
    mark(tasks[0], 8, me, reason="")
    assert Attempt.objects.get(pk=sat[0].pk).state == "MARKING"
    mark(tasks[1], 4, me)
    row = Attempt.objects.get(pk=sat[0].pk)
    assert (row.state, row.score, row.passed, row.points) == ("DONE", 80, True, {"1": 4, "2": 8, "3": 4})
    assert entries(views[0]) == ["EXAM", "CERTIFICATE"]
    assert Notice.objects.filter(kind="exam.marked", learner_id=row.learner_id).count() == 1
    assert Attempt.objects.get(pk=sat[1].pk).state == "MARKING", "the other one still waits"


def test_an_empty_written_answer_waits_for_nobody(views):
    row = sit(views[0], PAPER, {1: "对的"})
    assert row.state == "DONE"
    assert not MarkTask.objects.filter(attempt=row).exists()


def test_two_markers_take_different_answers_and_get_them_back_later(two, sat):
    me, other = two
    mine = queue.claim(key=KEY, by=me, own=None, at=LATER, most=1)
    theirs = queue.claim(key=KEY, by=other, own=None, at=LATER)
    assert len(mine) == len(theirs) == 1
    assert {row.pk for row in mine}.isdisjoint(row.pk for row in theirs)
    assert queue.claim(key=KEY, by=me, own=None, at=LATER, most=9) == mine, "what I have taken comes again, nothing of others"
    untouched("taken", lambda: mark(mine[0], 8, other))
    later = LATER + rules.CLAIM + MINUTE
    assert {row.pk for row in queue.claim(key=KEY, by=other, own=None, at=later)} == {mine[0].pk, theirs[0].pk}
    queue.release(by=other)
    assert queue.free(key=KEY, by=me, own=None, at=later) == 2


def test_nobody_marks_twice_or_the_own_answer_or_without_a_reason(two, sat):
    me, _other = two
    task = MarkTask.objects.filter(attempt=sat[0]).earliest("no")
    untouched("points", lambda: mark(task, 9, me))
    untouched("points", lambda: mark(task, -1, me))
    untouched("reason", lambda: mark(task, 3, me, reason="错"))
    untouched("own_answer", lambda: mark(task, 8, me, own=task.learner_id))
    assert task.pk not in {row.pk for row in queue.claim(key=KEY, by=me, own=task.learner_id, at=LATER)}
    mark(task, 8, me)
    untouched("already_marked", lambda: mark(task, 3, me))


def test_of_several_marks_all_or_none_are_kept(two, sat):
    me, _other = two
    tasks = MarkTask.objects.filter(attempt=sat[0]).order_by("no")
    marks = {tasks[0].uuid: queue.Mark(8), tasks[1].uuid: queue.Mark(99)}
    untouched("points", lambda: queue.mark_all(marks=marks, by=me, own=None, at=LATER))


def test_what_was_cut_off_is_mended(two, sat):
    me, _other = two
    MarkTask.objects.filter(attempt=sat[0]).delete()
    assert queue.catch_up(at=LATER) == 1
    assert MarkTask.objects.filter(attempt=sat[0]).count() == 2
    assert queue.catch_up(at=LATER) == 0
    MarkTask.objects.filter(attempt=sat[1]).update(points=8, marked_by=me.id, marked_at=LATER)
    assert queue.catch_up(at=LATER) == 1
    assert Attempt.objects.get(pk=sat[1].pk).score == 100


def test_periods_are_dated_and_old_results_keep_theirs(two):
    me, _other = two
    today = clock.shanghai_date(NOON)
    assert periods.on(today).appeal_days == 15
    values = {"appeal_days": 7, "decide_days": 3, "mark_days": 2}
    soon = today.replace(day=28)
    periods.change(**values, valid_from=soon, by=me, at=NOON)
    assert (periods.on(today).appeal_days, periods.on(soon).appeal_days) == (15, 7)
    assert code_of(periods.change, **values, valid_from=today.replace(day=1), by=me, at=NOON) == "in_the_past"
    assert code_of(periods.change, **{**values, "appeal_days": 1}, valid_from=soon, by=me, at=NOON) == "days"
    assert MarkingRule.objects.count() == 1


def test_the_list_goes_question_by_question(two, sat):
    rows = list(queries.questions_waiting())
    assert [(row["waiting"], row["taken"], row["done"]) for row in rows] == [(2, 0, 0), (2, 0, 0)]
    assert queries.counts() == {"marking": 4, "appeals": 0, "corrections": 0}
    assert list(queries.questions_waiting(text="没有这道题")) == []
