"""A film stops at its points: asked after watching, judged here, nothing beyond counts before."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import TestCase

from apps.learning import beats, queries, services
from apps.learning.models import Coverage, StudySession
from apps.learning.quizzes import points
from apps.learning.quizzes.models import QuizTry
from apps.plans.events import answers_marked
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tests.apps.learning.conftest import B, Player, School, covered, enrol, state_of
from tests.apps.learning.quizzes import ground
from tests.apps.learning.quizzes.ground import FIRST_MS, SECOND_MS, answer_point, asking, responses

pytestmark = pytest.mark.req("R2.8")


def at_first(school: School) -> Player:
    """Watch up to the first point."""
    player = school.open()
    player.play()
    player.watch_on(75)
    return player


def test_the_film_stops_at_a_point_and_nothing_beyond_is_paid(asked):
    player = at_first(asked)
    assert (player.reply["accepted_ms"], player.reply["credited_ms"]) == (FIRST_MS, FIRST_MS)
    assert player.reply["quiz"]["at_ms"] == FIRST_MS
    assert set(player.reply["quiz"]) == {"uuid", "at_ms"}, "what is asked is not told beforehand"
    player.watch_on(120)
    assert player.reply["credited_ms"] == FIRST_MS
    assert covered(asked) == ((0, FIRST_MS),)


def test_seeking_beyond_a_point_goes_nowhere(asked):
    player = at_first(asked)
    player.position_ms = 400_000
    player.send(player.body("paused"))
    assert player.reply["accepted_ms"] == FIRST_MS
    player.position_ms = 599_000
    player.send(player.body("ended"))
    assert player.reply["accepted_ms"] == FIRST_MS


def test_a_session_tells_where_it_will_stop_and_not_what_it_will_ask(asked):
    player = asked.open()
    assert player.opened.points == (FIRST_MS, SECOND_MS)


def test_nothing_is_asked_before_it_was_watched(asked):
    player = asked.open()
    player.play()
    player.watch(30)
    point = str(catalogue.points_of(asked.first)[0].uuid)
    with pytest.raises(DomainError) as refusal:
        points.show(asking(player, point), at=player.now)
    assert (refusal.value.code, QuizTry.objects.count()) == ("not_reached", 0)


def test_what_the_browser_gets_holds_no_answer(asked):
    player = at_first(asked)
    shown = points.show(asking(player), at=player.now)
    assert shown["state"] == "open"
    for question in shown["questions"]:
        assert not {"answer", "explanation", "basis", "code", "question", "version"} & set(question)


def test_a_right_answer_lets_the_film_go_on_and_the_time_of_answering_pays_nothing(asked):
    player = at_first(asked)
    player.now += timedelta(seconds=30)
    assert answer_point(player, right=True)["outcome"] == "right"
    player.now += timedelta(seconds=5)
    player.play()
    assert player.reply["credited_ms"] == FIRST_MS
    player.watch_on(60)
    assert player.reply["credited_ms"] == FIRST_MS + 60_000
    player.watch_on(90)
    assert (player.reply["accepted_ms"], player.reply["quiz"]["at_ms"]) == (SECOND_MS, SECOND_MS)


def test_wrong_is_asked_again_in_another_order_and_then_the_passage_is_watched_again(asked):
    player = at_first(asked)
    assert answer_point(player, right=False)["outcome"] == "again"
    told = answer_point(player, right=False)
    assert (told["outcome"], told["position_ms"], told["furthest_ms"], told["explanations"]) == ("back", 0, 0, [])
    player.position_ms = FIRST_MS
    player.send(player.body("paused"))
    assert (player.reply["accepted_ms"], player.reply["quiz"]) == (0, None), "no way around the passage"
    assert player.reply["credited_ms"] == FIRST_MS, "what was watched stays earned"
    player.play()
    player.watch_on(75)
    assert (player.reply["accepted_ms"], player.reply["credited_ms"]) == (FIRST_MS, FIRST_MS)
    assert answer_point(player, right=True)["outcome"] == "right"


def test_a_fresh_session_is_no_way_around_the_passage_either(asked):
    player = at_first(asked)
    for _ in range(2):
        answer_point(player, right=False)
    again = asked.open(at=player.now + timedelta(seconds=1))
    assert (again.opened.position_ms, again.opened.furthest_ms) == (0, 0)
    again.play()
    again.watch_on(30)
    once_more = asked.open(at=again.now + timedelta(seconds=1))
    assert (once_more.opened.position_ms, once_more.opened.furthest_ms) == (30_000, 30_000)


def test_neither_is_a_session_that_begins_while_the_answer_is_judged(asked):
    player = at_first(asked)
    answer_point(player, right=False)
    named = {"learner_id": asked.learner.id, "assignment_uuid": asked.assignment.uuid, "courseware_id": asked.first}
    before = queries.lesson(**named, at=player.now)  # what another tab has looked up just before
    assert answer_point(player, right=False)["outcome"] == "back"
    opened = services.begin(learner=asked.learner, lesson=before, terminal=player.terminal, ip="10.1.2.3", at=player.now)
    assert (opened.position_ms, opened.furthest_ms) == (0, 0)


def test_a_point_may_go_back_at_once(asked):
    player = at_first(asked)
    answer_point(player, right=True)
    player.play()
    player.watch_on(135)
    assert answer_point(player, right=False)["position_ms"] == FIRST_MS, "to the start of its own passage"


def test_a_replayed_or_forged_answer_changes_nothing(asked):
    player = at_first(asked)
    here = asking(player)
    row = QuizTry.objects.get(uuid=points.show(here, at=player.now)["try"])
    right = responses(row, right=True)
    first = points.answer(here, trial=row.uuid, responses=responses(row, right=False), at=player.now)
    before = state_of(player), list(QuizTry.objects.values())
    assert points.answer(here, trial=row.uuid, responses=right, at=player.now) == first, "an answered try stands"
    for trial, given, code in ((uuid4(), right, "not_found"),):
        with pytest.raises(DomainError) as refusal:
            points.answer(here, trial=trial, responses=given, at=player.now)
        assert refusal.value.code == code
    fresh = QuizTry.objects.get(uuid=points.show(here, at=player.now)["try"])
    with pytest.raises(DomainError) as refusal:
        points.answer(here, trial=fresh.uuid, responses=[["Z"]], at=player.now)
    assert refusal.value.code == "bad_answer"
    second = str(catalogue.points_of(asked.first)[1].uuid)
    with pytest.raises(DomainError) as refusal:
        points.show(asking(player, second), at=player.now)
    assert refusal.value.code == "not_reached"
    assert (state_of(player), list(QuizTry.objects.values())[:1]) == (before[0], before[1])


def test_somebody_else_and_another_device_get_nothing(asked):
    player = at_first(asked)
    other = enrol(B, asked.assignment.courses[0].version_id)
    for changes, code in (({"learner_id": other.learner.id}, "not_found"), ({"terminal": "x" * 32}, "wrong_terminal")):
        with pytest.raises(DomainError) as refusal:
            points.show(asking(player, **changes), at=player.now)
        assert refusal.value.code == code
    assert QuizTry.objects.count() == 0


def test_answers_are_told_to_who_collects_them(asked):
    player = at_first(asked)
    heard = []

    def hear(**news):
        heard.append(news)

    answers_marked.connect(hear)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer_point(player, right=False)
    finally:
        answers_marked.disconnect(hear)
    (news,) = heard
    assert (news["learner_id"], news["source"]) == (asked.learner.id, "quiz")
    assert [(one["right"], bool(one["item"]["answer"])) for one in news["answers"]] == [(False, True)]


def test_who_fails_to_hear_of_an_answer_does_not_fail_who_gave_it(asked):
    player = at_first(asked)

    def fail(**news):
        raise RuntimeError("the book is closed")

    answers_marked.connect(fail)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert answer_point(player, right=True)["outcome"] == "right"
    finally:
        answers_marked.disconnect(fail)


def test_a_beat_repeated_at_a_point_gets_the_same_reply(asked):
    player = asked.open()
    player.play()
    player.watch_on(60)
    player.now += timedelta(seconds=5)
    body = player.body("paused")
    first = player.send(body)
    assert first["quiz"] is not None
    assert beats.accept_beat(session=player.uuid, beat=body, terminal=player.terminal, at=player.now) == first


def test_a_course_without_points_is_as_it_was(db, in_jia):
    school = enrol(B, ground.publish(places=(), has_quiz=False))
    player = school.open()
    player.play()
    player.watch_on(120)
    assert (player.opened.points, player.reply["quiz"], player.reply["credited_ms"]) == ((), None, 120_000)
    row = StudySession.objects.get(uuid=player.uuid)
    assert (row.gate_ms, row.holds, Coverage.objects.get().held) == (None, False, ())
