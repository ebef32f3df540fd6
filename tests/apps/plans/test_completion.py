"""Completing a training: hours, every courseware, exam; then one certificate, whatever is repeated."""

from uuid import uuid4

import pytest

from apps.plans import api as plans
from apps.records import api as records
from tests.apps.plans import ground


@pytest.fixture
def duty(in_jia):
    someone = ground.learner(1)
    ground.open_plan()
    (view,) = plans.assignments_of(someone.id)
    return someone, view


def review(someone):
    return plans.review_completion(learner_id=someone.id, at=ground.NOON)


def pass_exam(view):
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=90, at=ground.NOON)


@pytest.mark.req("R3.5")
def test_nothing_completes_without_the_exam(duty):
    someone, view = duty
    ground.learn_all(view)
    assert review(someone) == []
    (view,) = plans.assignments_of(someone.id)
    assert (view.state, view.earned_ms) == ("ASSIGNED", 60_000)


@pytest.mark.req("R3.5")
def test_nothing_completes_below_99_percent_of_a_courseware(duty):
    someone, view = duty
    pass_exam(view)
    ground.confirm(someone.id, view.courseware_ids[0], 59_399)
    assert review(someone) == []
    ground.confirm(someone.id, view.courseware_ids[0], 59_400)
    assert review(someone) == [view.id]


def test_nothing_completes_below_the_hours(in_jia):
    someone = ground.learner(1)
    course = ground.make_course("AQ-CY-T5", lessons=(ground.HOUR_MS, ground.HOUR_MS))
    ground.open_plan(version_ids=[course], requirement_id=ground.requirement("INITIAL", hours=2), exam_needed=False)
    (view,) = plans.assignments_of(someone.id)
    first, second = view.courseware_ids
    ground.confirm(someone.id, first, ground.HOUR_MS)
    ground.confirm(someone.id, second, ground.HOUR_MS - 1)
    assert review(someone) == []
    ground.confirm(someone.id, second, ground.HOUR_MS)
    assert review(someone) == [view.id]


@pytest.mark.req("R4.5")
def test_completion_issues_one_certificate_with_the_facts(duty):
    someone, view = duty
    ground.learn_all(view)
    pass_exam(view)
    assert review(someone) == [view.id]
    assert review(someone) == []
    (certificate,) = records.certificates_of(someone.uuid)
    assert certificate.body["name"] == someone.name
    assert certificate.body["exam_score"] == 90
    assert certificate.body["courses"][0]["earned_ms"] == 60_000
    (view,) = plans.assignments_of(someone.id)
    assert (view.state, view.certificate_id) == ("COMPLETED", certificate.id)


def test_the_first_pass_of_an_exam_stays(duty):
    someone, view = duty
    pass_exam(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=100, at=ground.NOON)
    assert plans.assignments_of(someone.id)[0].exam_score == 90
