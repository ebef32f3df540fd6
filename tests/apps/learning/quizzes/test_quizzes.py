"""A quiz as a lesson: after the films, judged by the server, part of the course's completion, and no learning time."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from apps.learning import queries as learning
from apps.learning import voiding
from apps.learning.models import Coverage, StudySession, Void
from apps.learning.quizzes import services
from apps.learning.quizzes.models import QuizTry
from apps.plans import api as plans
from apps.records import api as records
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import FILM_MS, A, School, enrol
from tests.apps.learning.quizzes import ground
from tests.apps.learning.quizzes.ground import BY, quiz_of, responses, sit, watch_whole
from tests.conftest import NOON

pytestmark = [pytest.mark.req("R2.8"), pytest.mark.req("R3.5")]
KINDS = {"STUDY_SESSION", "PROOF", "VOID", "CORRECTION", "QUIZ"}


def films_done(school: School):
    """Watch both films to their ends."""
    player = watch_whole(school, school.first, at=NOON)
    return watch_whole(school, school.second, at=player.now + timedelta(minutes=1))


def earned(school: School) -> int:
    return plans.standing(plans.assignment(school.assignment.uuid, learner_id=school.learner.id)).earned_ms


def told_ms(school: School) -> int:
    return sum(e.body["effective_ms"] for e in records.entries_of(school.learner.uuid) if e.kind in KINDS)


def is_completed(school: School) -> bool:
    return plans.assignment(school.assignment.uuid, learner_id=school.learner.id).completed_at is not None


def begin(school: School, at=NOON) -> QuizTry:
    return services.begin(
        learner_id=school.learner.id, assignment_uuid=school.assignment.uuid, courseware_id=quiz_of(school), at=at
    )


def test_the_films_come_first(asked):
    with pytest.raises(DomainError) as refusal:
        begin(asked)
    assert (refusal.value.code, QuizTry.objects.count()) == ("quiz_early", 0)


def test_a_course_is_done_with_its_quiz_and_the_quiz_earns_no_time(asked):
    player = films_done(asked)
    before = earned(asked)
    assert before == 2 * FILM_MS
    assert not is_completed(asked)
    assert sit(asked, player, right=False).passed is False
    assert not is_completed(asked)
    row = sit(asked, player, right=True)
    assert (row.passed, row.score, row.number) == (True, 100, 2)
    assert earned(asked) == before
    player.row()
    from apps.learning.services import close_session

    close_session(session=player.uuid, reason="left", at=player.now)
    assert is_completed(asked)
    assert told_ms(asked) == before


def test_a_passed_quiz_is_not_sat_again_and_an_answered_try_stands(asked):
    player = films_done(asked)
    row = sit(asked, player, right=True)
    with pytest.raises(DomainError) as refusal:
        begin(asked, player.now)
    assert refusal.value.code == "quiz_done"
    again = services.submit(learner_id=asked.learner.id, trial=row.uuid, responses=responses(row, right=False), at=player.now)
    assert (again.passed, again.score) == (True, 100)
    assert len([e for e in records.entries_of(asked.learner.uuid) if e.kind == "QUIZ"]) == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        QuizTry.objects.filter(pk=row.pk).update(score=1)


def test_two_tabs_share_one_try(asked):
    player = films_done(asked)
    assert begin(asked, player.now).uuid == begin(asked, player.now).uuid


def test_answers_that_do_not_fit_change_nothing(asked):
    player = films_done(asked)
    row = begin(asked, player.now)
    for given in ([], [["Z"]] * len(row.items), [["A"]] * (len(row.items) + 1)):
        with pytest.raises(DomainError) as refusal:
            services.submit(learner_id=asked.learner.id, trial=row.uuid, responses=given, at=player.now)
        assert refusal.value.code == "bad_answer"
    assert QuizTry.objects.get(point=None).is_open


def test_somebody_elses_try_is_not_there(asked, yi):
    player = films_done(asked)
    row = begin(asked, player.now)
    with pytest.raises(DomainError) as refusal:
        services.submit(learner_id=asked.learner.id + 999, trial=row.uuid, responses=[], at=player.now)
    assert refusal.value.code == "not_found"
    with enterprise_scope(yi):
        assert QuizTry.objects.count() == 0, "the neighbour sees nothing"
        with pytest.raises(DomainError) as refusal:
            services.submit(learner_id=asked.learner.id, trial=row.uuid, responses=[], at=player.now)
        assert refusal.value.code == "not_found"
    with pytest.raises(DomainError) as refusal:
        services.submit(learner_id=asked.learner.id, trial=uuid4(), responses=[], at=player.now)
    assert refusal.value.code == "not_found"


def test_after_the_allowed_tries_one_studies_again(db, in_jia):
    school = enrol(A, ground.publish(places=(), tries=2, restudy_minutes=2))
    player = films_done(school)
    for _ in range(2):
        sit(school, player, right=False)
    with pytest.raises(DomainError) as refusal:
        begin(school, player.now)
    assert (refusal.value.code, refusal.value.details["minutes"]) == ("restudy", 2)
    again = school.open(school.first, at=player.now + timedelta(minutes=1))
    again.play()
    again.watch_on(60)
    with pytest.raises(DomainError):
        begin(school, again.now)
    again.watch_on(75)
    assert earned(school) == 2 * FILM_MS, "watching again earns nothing"
    assert sit(school, again, right=True).passed


def test_a_draw_asks_its_number_anew(db, in_jia):
    school = enrol(A, ground.publish(places=(), questions=(), topics=["有限空间作业"], count=3))
    player = films_done(school)
    assert len(begin(school, player.now).items) == 3


# rule (e): void until its test is done


def test_hours_are_held_until_the_test_is_passed_and_released_once(held):
    player = films_done(held)
    assert earned(held) == 0
    rows = StudySession.objects.all()
    assert sum(row.held_ms for row in rows) == 2 * FILM_MS
    assert told_ms(held) == 0, "nothing is reported as effective before the test"
    known = learning.progress(learner_id=held.learner.id, courseware_ids=[held.first])[held.first]
    assert (known.is_complete, known.is_proven, known.is_watched) == (False, True, True)
    sit(held, player, right=False)
    assert (earned(held), told_ms(held)) == (0, 0)
    row = sit(held, player, right=True)
    assert earned(held) == 2 * FILM_MS
    services.submit(learner_id=held.learner.id, trial=row.uuid, responses=[], at=player.now)
    assert sum(row.confirmed_ms for row in StudySession.objects.all()) == 2 * FILM_MS
    assert all((row.held_ms, row.holds) == (0, False) for row in StudySession.objects.all())
    assert all(cover.held == () for cover in Coverage.objects.all())
    assert told_ms(held) == FILM_MS, "the open sitting tells its part when it ends"
    from apps.learning.services import close_session

    close_session(session=player.uuid, reason="left", at=player.now)
    assert told_ms(held) == 2 * FILM_MS
    assert is_completed(held)


def test_what_waits_for_a_proof_when_the_test_is_passed_counts_with_that_proof(held):
    player = films_done(held)
    player.attends = False
    sit(held, player, right=True)
    again = held.open(held.first, at=player.now + timedelta(minutes=1))
    assert again.row().holds is False


def test_a_void_restored_while_the_test_is_open_is_held_too(held):
    player = held.open(held.first)
    player.attends = False
    player.play()
    for _ in range(60):
        player.watch(15)
        if player.reply["check"]:
            break
    player.now += timedelta(seconds=61)
    voiding.settle_all_overdue(at=player.now)
    void = Void.objects.get()
    voiding.restore_void(void_uuid=void.uuid, by="manager:1", reason="在岗", at=player.now)
    row = player.row()
    assert (row.confirmed_ms, row.held_ms) == (0, void.ms)
    assert Coverage.objects.get().held == void.spans
    assert earned(held) == 0


def test_a_void_restored_after_the_pass_counts_also_where_its_session_began_in_that_moment(held):
    player = held.open(held.first)
    player.attends = False
    row = player.row()
    assert row.holds
    QuizTry.objects.create(  # as if committed just after the session had asked
        learner_id=held.learner.id, assignment_id=held.assignment.id, version_id=row.version_id, courseware_id=quiz_of(held),
        number=1, items=[], opened_at=NOON, answered_at=NOON, score=100, passed=True,
    )  # fmt: skip
    player.play()
    for _ in range(60):
        player.watch(15)
        if player.reply["check"]:
            break
    player.now += timedelta(seconds=61)
    voiding.settle_all_overdue(at=player.now)
    void = Void.objects.get()
    voiding.restore_void(void_uuid=void.uuid, by="manager:1", reason="在岗", at=player.now)
    row = player.row()
    assert (row.confirmed_ms, row.held_ms, row.holds) == (void.ms, 0, False)
    assert Coverage.objects.get().held == ()
    assert earned(held) == void.ms > 0


def test_whoever_began_a_version_keeps_it_when_the_next_one_asks(db, in_jia):
    version = ground.publish(places=(), has_quiz=False)
    school = enrol(A, version)
    with platform_scope():
        course = catalogue.course(version).card.course_id
        fresh = authoring.new_version(course_id=course, by=BY, at=NOON)
        ground.ask(fresh, rule="void-until-done", places=((60_000, "back"),), has_quiz=True)
        assert catalogue.quizzes_of([version]) == []
    player = school.open()
    player.play()
    player.watch_on(90)
    player.proven()
    assert (player.reply["credited_ms"], player.reply["quiz"], player.row().holds) == (90_000, None, False)
    assert earned(school) == 90_000


def test_a_copy_has_quizzes_of_its_own(asked):
    with platform_scope():
        version = asked.assignment.courses[0].version_id
        fresh = authoring.new_version(course_id=catalogue.course(version).card.course_id, by=BY, at=NOON)
        old, new = catalogue.quizzes_of([version]), catalogue.quizzes_of([fresh])
    assert [(one.at_ms, one.questions) for one in old] == [(one.at_ms, one.questions) for one in new]
    assert not {one.uuid for one in old} & {one.uuid for one in new}
