"""Whatever a person does in a course that asks and holds its hours, the laws of credit hold, and its pass releases them once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from apps.learning import spans
from apps.learning.models import Coverage, StudySession
from apps.learning.quizzes import points, services
from apps.learning.quizzes import queries as quizzes
from apps.learning.quizzes.models import QuizTry
from apps.learning.quizzes.points import Asking
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.learning.conftest import FILM_MS, A, enrol
from tests.apps.learning.quizzes import ground
from tests.apps.learning.quizzes.ground import quiz_of, responses
from tests.apps.learning.test_laws import Person


class Asked(Person):
    """One natural person whose courses ask: answers rightly, wrongly, twice, out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: list[tuple[int, Asking, QuizTry, dict[str, object]]] = []

    @precondition(lambda self: self.sittings)
    @rule(right=st.booleans(), which=st.sampled_from([0, 0, 1]))
    def answers_a_point(self, *, right: bool, which: int) -> None:
        """Ask for a point of the newest sitting, reached or not, and answer it."""
        sitting = self.sittings[-1]
        with self.at(sitting.place):
            row = StudySession.objects.get(uuid=sitting.player.uuid)
            places = quizzes.catalogue.points_of(row.courseware_id)
            if not places:
                return
            here = Asking(row.uuid, places[which].uuid, row.learner_id, row.terminal)
            try:
                shown = points.show(here, at=self.now)
                if shown["state"] == "passed":
                    return
                trial = QuizTry.objects.get(uuid=shown["try"])
                told = points.answer(here, trial=trial.uuid, responses=responses(trial, right=right), at=self.now)
            except DomainError as refusal:
                self.refused(refusal, "not_reached", "closed")
                return
            assert (told["outcome"] == "right") == right
            sitting.player.position_ms = told["position_ms"]
            self.answered.append((sitting.place, here, trial, told))

    @precondition(lambda self: self.answered)
    @rule(data=st.data())
    def answers_an_old_try_again(self, data: st.DataObject) -> None:
        """An answered try stands, whatever is said of it later."""
        place, here, trial, _told = data.draw(st.sampled_from(self.answered))
        before = self.everything(), self._tries()
        with self.at(place):
            try:
                points.answer(here, trial=trial.uuid, responses=responses(trial, right=True), at=self.now)
            except DomainError as refusal:
                self.refused(refusal, "closed")
        assert (self.everything(), self._tries()) == before

    @precondition(lambda self: self.sittings)
    @rule(place=st.sampled_from([0, 0, 1]), right=st.sampled_from([True, False]))
    def sits_the_test(self, place: int, *, right: bool) -> None:
        """Sit the course's test, early or not."""
        school = self.places[place][1]
        with self.at(place):
            named = {"assignment_uuid": school.assignment.uuid, "courseware_id": quiz_of(school), "at": self.now}
            try:
                trial = services.begin(learner_id=school.learner.id, **named)
            except DomainError as refusal:
                self.refused(refusal, "quiz_early", "quiz_done")
                return
            given = responses(trial, right=right)
            for _ in range(2):
                services.submit(learner_id=school.learner.id, trial=trial.uuid, responses=given, at=self.now)

    @precondition(lambda self: self.sittings)
    @rule(place=st.sampled_from([0, 0, 1]))
    def the_films_are_watched(self, place: int) -> None:
        """Somebody has the patience: both lessons to their ends, all checks and points answered."""
        school = self.places[place][1]
        with self.at(place):
            if self.now - self.began > timedelta(minutes=40):
                return
            for lesson in (school.first, school.second):
                try:
                    player = school.open(lesson, at=self.now, terminal="t" * 32)
                except DomainError as refusal:
                    self.refused(refusal, "daily_limit", "locked")
                    return
                player.play()
                for _ in range(40):
                    if player.row().closed_at is not None or player.position_ms >= FILM_MS:
                        break
                    try:
                        player.watch(min(30, (FILM_MS - player.position_ms) / 1000))
                    except DomainError as refusal:
                        self.refused(refusal, "closed", "taken_over")
                        return
                    self.now = player.now
                    if player.reply["quiz"]:
                        ground.answer_point(player, right=True)
                        player.play()

    def _tries(self) -> list[dict[str, object]]:
        found = []
        for place in (0, 1):
            with self.at(place):
                found += list(QuizTry.objects.order_by("pk").values())
        return found

    @invariant()
    def nothing_is_believed_beyond_an_open_point(self) -> None:
        if self.began is None:
            return
        for place in (0, 1):
            with self.at(place):
                for row in StudySession.objects.filter(closed_at=None):
                    if row.gate_ms is not None:
                        assert row.furthest_ms <= row.gate_ms
                        assert spans.end(Coverage.objects.get(courseware_id=row.courseware_id).spans) <= row.gate_ms

    @invariant()
    def what_is_held_waits_for_the_test_and_is_released_with_it(self) -> None:
        if self.began is None:
            return
        for place, (_site, school) in enumerate(self.places):
            with self.at(place):
                is_done = QuizTry.objects.filter(point=None, passed=True).exists()
                rows = list(StudySession.objects.filter(learner_id=school.learner.id))
                assert sum(row.confirmed_ms for row in rows if not is_done) == 0
                assert sum(row.held_ms for row in rows if is_done) == 0
                assert QuizTry.objects.filter(point=None, passed=True).count() <= 1


@pytest.mark.req("R2.8")
@pytest.mark.req("R3.5")
def test_whatever_a_person_does_in_a_course_that_asks_the_laws_hold(db, jia, yi):
    version = ground.publish(rule="void-until-done")
    with enterprise_scope(jia):
        school = enrol(A, version)
    with enterprise_scope(yi):
        neighbour = enrol(A, version)

    class Here(Asked):
        places = [(jia, school), (yi, neighbour)]

    wanted = settings(
        max_examples=12,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    run_state_machine_as_test(Here, settings=wanted)
