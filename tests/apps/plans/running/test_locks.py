"""What comes first: courses in their order, another plan, the day on which a plan begins."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.plans import api as plans
from apps.plans import rules
from apps.plans.models import TrainingPlan
from infra.kit.errors import DomainError
from tests.apps.plans import ground

AT = ground.NOON
HALF = (1_000, 2_000)


@pytest.fixture
def someone(in_jia):
    return ground.learner(1)


@pytest.fixture
def two_courses(someone):
    return [
        ground.make_course("AQ-CY-A1", title="第一门", lessons=HALF),
        ground.make_course("AQ-CY-A2", title="第二门", lessons=HALF),
    ]


def law(number):
    return ground.requirement(code=f"CY-LOCK{number}")


def duty(someone):
    return plans.assignments_of(someone.id)[0]


def refusal(view, courseware, at=AT):
    try:
        plans.refuse_locked(view, courseware, at=at)
    except DomainError as refused:
        return refused.code if refused.status == 403 else f"{refused.status}"
    return ""


def finish(view):
    ground.learn_all(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=95, at=AT)
    return plans.review_completion(learner_id=view.learner_id, at=AT)


@pytest.mark.req("R2.9")
def test_a_course_opens_when_those_before_it_are_complete(someone, two_courses):
    ground.open_plan(version_ids=two_courses, exam_needed=False, in_order=True)
    view = duty(someone)
    one, two = view.courses
    assert [refusal(view, key) for key in view.courseware_ids] == ["", "", "in_order", "in_order"]
    ground.confirm(someone.id, one.coursewares[0], 1_000)
    assert refusal(view, two.coursewares[0]) == "in_order"
    ground.confirm(someone.id, one.coursewares[1], 2_000)
    assert refusal(view, two.coursewares[0]) == ""


def test_without_order_every_course_is_open_and_asks_nothing(someone, two_courses):
    ground.open_plan(version_ids=two_courses, exam_needed=False)
    view = duty(someone)
    with CaptureQueriesContext(connection) as seen:
        assert [refusal(view, key) for key in view.courseware_ids] == ["", "", "", ""]
    assert len(seen) == 0


def test_a_duty_is_read_in_two_queries_with_what_comes_first(someone, two_courses):
    first = ground.open_plan(version_ids=two_courses[:1], exam_needed=False, requirement_id=law(1))
    ground.open_plan(version_ids=two_courses[1:], exam_needed=False, requirement_id=law(2), prerequisite=first)
    with CaptureQueriesContext(connection) as seen:
        views = plans.assignments_of(someone.id)
    assert len(seen) == 2
    assert [view.prerequisite for view in views] == ["", "新员工专项培训"]


def test_another_plan_comes_first_and_what_was_learnt_meanwhile_counts_afterwards(someone, two_courses):
    first = ground.open_plan(title="甲", version_ids=two_courses[:1], exam_needed=False, requirement_id=law(1))
    ground.open_plan(title="乙", version_ids=two_courses[1:], exam_needed=False, requirement_id=law(2), prerequisite=first)
    before, after = sorted(plans.assignments_of(someone.id), key=lambda view: view.id)
    assert refusal(after, after.courseware_ids[0]) == "prerequisite"
    ground.learn_all(after)
    assert plans.review_completion(learner_id=someone.id, at=AT) == []
    assert not plans.standing(after).learning_done
    ground.learn_all(before)
    assert plans.review_completion(learner_id=someone.id, at=AT) == [before.id, after.id]


def test_nothing_is_studied_before_the_plan_begins(someone, two_courses):
    begin = AT.date() + timedelta(days=3)
    ground.open_plan(version_ids=two_courses, exam_needed=False, starts_on=begin)
    view = duty(someone)
    assert refusal(view, view.courseware_ids[0]) == "not_started"
    assert refusal(view, view.courseware_ids[0], AT + timedelta(days=3)) == ""


def test_refuses_a_deadline_before_the_start(someone):
    order = ground.order(starts_on=AT.date() + timedelta(days=30))
    with pytest.raises(DomainError, match="due_not_after_start"):
        plans.open_plan(order=order, who=plans.Who(), by="安全员", at=AT)
    assert not TrainingPlan.objects.exists()


def test_a_closed_plan_is_no_prerequisite(someone, two_courses):
    first = ground.open_plan(version_ids=two_courses[:1], exam_needed=False, requirement_id=law(1))
    plans.close_plan(plan_uuid=first, at=AT)
    with pytest.raises(DomainError, match="prerequisite_closed"):
        ground.open_plan(version_ids=two_courses[1:], exam_needed=False, requirement_id=law(2), prerequisite=first)
    assert TrainingPlan.objects.count() == 1


def test_a_lesson_of_an_earlier_course_never_waits():
    courses = [{1: 100, 2: 100}, {2: 100, 3: 100}]
    assert rules.waiting(courses, {}) == {3}
    assert rules.waiting(courses, {1: 100, 2: 100}) == frozenset()
    assert rules.waiting([], {}) == frozenset()


@pytest.mark.req("R2.9")
def test_the_learner_s_pages_say_what_comes_first(in_jia, someone, two_courses):
    same = {"exam_needed": False, "due_on": AT.date() + timedelta(days=900)}
    first = ground.open_plan(title="先学的", version_ids=two_courses[:1], requirement_id=law(1), **same)
    same["due_on"] -= timedelta(days=100)
    ground.open_plan(title="后学的", version_ids=two_courses[1:], requirement_id=law(2), prerequisite=first, **same)
    client = ground.learner_browser(in_jia, someone)
    home = client.get("/learn").content.decode()
    assert home.index("先学的") < home.index("后学的")
    later = next(view for view in plans.assignments_of(someone.id) if view.prerequisite)
    page = client.get(f"/learn/{later.uuid}").content.decode()
    assert "请先完成“先学的”" in page
    assert "未开放" in page
    assert client.get(f"/learn/{later.uuid}/{later.courseware_ids[0]}").status_code == 403
