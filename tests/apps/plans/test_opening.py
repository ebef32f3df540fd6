"""Opening a plan: the law is a floor, what was chosen is frozen, nothing half done."""

from datetime import date

import pytest

from apps.plans import api as plans
from apps.plans.models import Assignment, TrainingPlan
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground


def refused(code, **changes):
    with pytest.raises(DomainError) as caught:
        ground.open_plan(**changes)
    assert caught.value.code == code
    assert str(caught.value.message)
    assert not TrainingPlan.objects.exists()


@pytest.mark.req("R2.9")
def test_opens_a_plan_for_everybody_on_the_books(in_jia):
    one, two = ground.learner(1), ground.learner(2)
    uuid = ground.open_plan()
    plan = TrainingPlan.objects.get(uuid=uuid)
    assert {a.learner_id for a in plan.assignments.all()} == {one.id, two.id}
    assert plan.hours_bound is False
    assert plan.required_ms == 60_000
    assert plan.exam_topics == ["题目-AQ-CY-T1"]


@pytest.mark.req("R3.5")
def test_hours_may_be_raised(in_jia):
    ground.learner(1)
    course = ground.make_course("AQ-CY-T2", lessons=(ground.HOUR_MS,) * 5)
    ground.make_questions("AQ-CY-T2")
    ground.open_plan(version_ids=[course], requirement_id=ground.requirement("INITIAL", hours=4), hours=5)
    assert TrainingPlan.objects.get().required_ms == 5 * ground.HOUR_MS


@pytest.mark.req("R3.5")
def test_refuses_hours_below_the_law(in_jia):
    ground.learner(1)
    course = ground.make_course("AQ-CY-T2", lessons=(ground.HOUR_MS,) * 5)
    refused("below_the_law", version_ids=[course], requirement_id=ground.requirement("INITIAL", hours=4), hours=3)


def test_the_law_s_hours_are_taken_when_none_are_given(in_jia):
    ground.learner(1)
    course = ground.make_course("AQ-CY-T2", lessons=(ground.HOUR_MS,) * 4)
    ground.make_questions("AQ-CY-T2")
    ground.open_plan(version_ids=[course], requirement_id=ground.requirement("INITIAL", hours=4))
    plan = TrainingPlan.objects.get()
    assert (plan.hours_bound, plan.required_ms) == (True, 4 * ground.HOUR_MS)


def test_refuses_courses_that_cannot_give_the_hours(in_jia):
    ground.learner(1)
    refused("courses_too_short", requirement_id=ground.requirement("INITIAL", hours=4))


def test_refuses_a_deadline_that_is_not_after_today(in_jia):
    ground.learner(1)
    refused("due_not_after_start", due_on=date(2026, 11, 23))


def test_refuses_a_plan_without_courses(in_jia):
    ground.learner(1)
    refused("no_courses", version_ids=[])


def test_refuses_a_course_that_is_not_published(in_jia):
    ground.learner(1)
    refused("course_gone", version_ids=[ground.make_course("AQ-CY-T3", state="RETIRED")])


def test_refuses_a_course_whose_film_is_still_made(in_jia):
    ground.learner(1)
    refused("course_not_ready", version_ids=[ground.make_course("AQ-CY-T4", lessons=(60_000, 0))])


def test_refuses_an_exam_that_the_bank_cannot_fill(in_jia):
    ground.learner(1)
    refused("bank_too_small", exam_questions=99)


@pytest.mark.parametrize("bad", [{"exam_pass_score": 59}, {"exam_minutes": 0}, {"exam_tries": 0}, {"exam_questions": 0}])
def test_refuses_exam_numbers_out_of_range(in_jia, bad):
    ground.learner(1)
    refused("exam_rule", **bad)


def test_refuses_a_plan_for_nobody(in_jia):
    refused("nobody")


def test_refuses_an_empty_title(in_jia):
    ground.learner(1)
    refused("title", title="  ")


def test_refuses_a_picked_learner_of_another_enterprise(in_jia, yi):
    with enterprise_scope(yi):
        stranger = ground.learner(7)
    ground.learner(1)
    refused("unknown_learner", who=plans.Who("picked", learner_ids=[stranger.id + 10_000]))


def test_frozen_courses_outlive_a_change_of_the_catalogue(in_jia):
    from public.catalogue.models import CourseVersion
    from tenants.scope import platform_scope

    someone = ground.learner(1)
    ground.open_plan()
    with platform_scope():
        CourseVersion.objects.filter(title="新员工安全须知").update(state="RETIRED")
    (view,) = plans.assignments_of(someone.id)
    assert [course.title for course in view.courses] == ["新员工安全须知"]


def test_learners_join_later_and_only_once(in_jia):
    ground.learner(1)
    uuid = ground.open_plan()
    ground.learner(2, role="GL")
    assert plans.add_learners(plan_uuid=uuid, who=plans.Who("role", role="GL"), at=ground.NOON) == 1
    assert plans.add_learners(plan_uuid=uuid, who=plans.Who(), at=ground.NOON) == 0
    assert Assignment.objects.count() == 2


def test_a_closed_plan_takes_nobody_and_allows_no_study(in_jia):
    someone = ground.learner(1)
    uuid = ground.open_plan()
    (view,) = plans.assignments_of(someone.id)
    assert plans.allows(view, view.courseware_ids[0])
    plans.close_plan(plan_uuid=uuid, at=ground.NOON)
    (view,) = plans.assignments_of(someone.id)
    assert not plans.allows(view, view.courseware_ids[0])
    with pytest.raises(DomainError) as caught:
        plans.add_learners(plan_uuid=uuid, who=plans.Who(), at=ground.NOON)
    assert caught.value.code == "plan_closed"


def test_an_assignment_allows_only_coursewares_of_its_plan(in_jia):
    someone = ground.learner(1)
    ground.open_plan()
    (view,) = plans.assignments_of(someone.id)
    assert not plans.allows(view, view.courseware_ids[0] + 999)


def test_somebody_else_s_assignment_is_not_found(in_jia):
    one, two = ground.learner(1), ground.learner(2)
    ground.open_plan()
    (view,) = plans.assignments_of(one.id)
    with pytest.raises(DomainError) as caught:
        plans.assignment(view.uuid, learner_id=two.id)
    assert caught.value.status == 404


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_no_plan(in_jia, yi):
    ground.learner(1)
    ground.open_plan()
    with enterprise_scope(yi):
        assert not TrainingPlan.objects.exists()
        assert not Assignment.objects.exists()
