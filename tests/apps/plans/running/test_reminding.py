"""Reminders of deadlines: once for each occasion, to those who have not finished."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from apps.people import api as people
from apps.people.models import Notice
from apps.people.privacy import restricting
from apps.people.services import archive_learner
from apps.plans import api as plans
from apps.plans.models import TrainingPlan
from apps.plans.running import reminding
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

AT = ground.NOON
DUE = AT.date() + timedelta(days=30)


@pytest.fixture
def plan(in_jia):
    people.open_owner(name="安全员", mobile="13900000001", password=None, at=AT)
    ground.learner(1)
    ground.learner(2)
    return TrainingPlan.objects.get(uuid=ground.open_plan(due_on=DUE))


def told(kind):
    return Notice.objects.filter(kind=kind).count()


@pytest.mark.req("R2.9")
def test_learners_are_reminded_before_and_after_the_deadline_and_managers_after_it(plan):
    for day in range(0, 45):
        for _twice in range(2):
            reminding.remind_all(at=AT + timedelta(days=day))
        if day == 22:
            assert told("plan.due_soon") == 0
        if day == 23:
            assert told("plan.due_soon") == 2
    assert told("plan.due_soon") == 6
    assert told("plan.overdue") == 4
    assert told("plan.late_people") == 2
    note = Notice.objects.filter(kind="plan.due_soon").order_by("pk")[0]
    assert note.context == {"plan": "新员工专项培训", "due": DUE.isoformat(), "days": 7}


def test_who_has_finished_or_left_is_not_reminded(plan):
    one, two = (people.learner(duty.learner_id) for duty in plan.assignments.order_by("pk"))
    (view,) = plans.assignments_of(one.id)
    ground.learn_all(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=95, at=AT)
    plans.review_completion(learner_id=one.id, at=AT)
    archive_learner(learner_uuid=two.uuid, at=AT)
    assert reminding.remind_all(at=AT + timedelta(days=29)) == 0
    assert told("plan.due_soon") == 0


def test_whose_data_are_restricted_is_not_pressed(plan):
    one, two = plan.assignments.order_by("pk")
    restricting.apply(one.learner_id, at=AT)
    assert reminding.remind_all(at=AT + timedelta(days=29)) == 1
    assert list(Notice.objects.filter(kind="plan.due_soon").values_list("learner", flat=True)) == [two.learner_id]


def test_a_moved_deadline_is_told_anew_and_a_closed_plan_never(plan):
    reminding.remind_all(at=AT + timedelta(days=29))
    TrainingPlan.objects.update(due_on=DUE + timedelta(days=1))
    reminding.remind_all(at=AT + timedelta(days=30))
    assert told("plan.due_soon") == 4
    plans.close_plan(plan_uuid=plan.uuid, at=AT)
    assert reminding.remind_all(at=AT + timedelta(days=50)) == 0


@pytest.mark.parametrize(
    ("left", "said"),
    [(8, None), (7, ("plan.due_soon", "due-7")), (2, ("plan.due_soon", "due-3")), (0, ("plan.due_soon", "due-1")),
     (-1, ("plan.overdue", "late-0")), (-8, ("plan.overdue", "late-1")), (-29, None)],
)  # fmt: skip
def test_occasions(left, said):
    today = date(2026, 3, 1)
    assert reminding.occasion(today + timedelta(days=left), today=today) == said


def test_the_neighbour_is_not_told_of_ours(plan, yi):
    with enterprise_scope(yi):
        assert reminding.remind_all(at=AT + timedelta(days=29)) == 0
        assert not Notice.objects.exists()
