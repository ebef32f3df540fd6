"""Changing a running plan: the effect first, then the change; never below the law, never over somebody else's change."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.plans import api as plans
from apps.plans.models import Assignment, AssignmentRule, PlanChange, TrainingPlan
from apps.plans.running import changing, comparing
from apps.plans.running.changing import PlanEdit
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

AT = ground.NOON
TODAY = AT.date()


@pytest.fixture
def plan(in_jia):
    """A plan of two credit hours for 学员甲, of the law's two."""
    ground.learner(1)
    law = ground.requirement("INITIAL", hours=2)
    course = ground.make_course("AQ-CY-B1", title="基础课", lessons=(ground.HOUR_MS,) * 2)
    ground.make_questions("AQ-CY-B1")
    uuid = ground.open_plan(version_ids=[course], requirement_id=law, hours=2)
    return TrainingPlan.objects.get(uuid=uuid)


def edit(plan, **changes):
    """The plan as it is, with changes."""
    plan.refresh_from_db()
    same = PlanEdit(
        title=plan.title,
        due_on=plan.due_on,
        starts_on=plan.starts_on,
        hours=plan.required_ms // ground.HOUR_MS if plan.hours_bound else None,
        exam_questions=plan.exam_questions,
        exam_pass_score=plan.exam_pass_score,
        exam_minutes=plan.exam_minutes,
        exam_tries=plan.exam_tries,
    )
    return replace(same, **changes)


def make(plan, seen=None, **changes):
    wanted = edit(plan, **changes)
    return changing.change(plan_uuid=plan.uuid, edit=wanted, seen=seen or comparing.fingerprint(plan), by="安全员", at=AT)


def preview(plan, **changes):
    wanted = edit(plan, **changes)
    return changing.preview(plan_uuid=plan.uuid, edit=wanted, seen=comparing.fingerprint(plan), at=AT)


def state(plan):
    plan = TrainingPlan.objects.get(pk=plan.pk)
    return (
        comparing.facts(plan),
        plan.required_ms,
        plan.assignments.count(),
        PlanChange.objects.count(),
        AssignmentRule.objects.count(),
    )


def refused(plan, code, **changes):
    before = state(plan)
    for act in (preview, make):
        with pytest.raises(DomainError) as caught:
            act(plan, **changes)
        assert caught.value.code == code
        assert str(caught.value.message)
    assert state(plan) == before


@pytest.mark.req("R2.9")
def test_the_effect_is_shown_first_and_only_then_made(plan):
    done = ground.learner(2)
    plans.add_learners(plan_uuid=plan.uuid, who=plans.Who("picked", learner_ids=[done.id]), at=AT)
    view = plans.assignments_of(done.id)[0]
    ground.learn_all(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=95, at=AT)
    plans.review_completion(learner_id=done.id, at=AT)
    new = ground.learner(3, role="GL")
    more = ground.make_course("AQ-CY-B2", title="加课", lessons=(ground.HOUR_MS,))
    changes = {
        "add_version_ids": [more],
        "hours": 3,
        "add_rule": plans.Who("role", role="GL"),
        "due_on": TODAY + timedelta(days=60),
    }
    before = state(plan)
    effect = preview(plan, **changes)
    assert state(plan) == before
    assert (effect.added, effect.names, effect.hours, effect.kept) == (1, [new.name], 1, 1)
    assert (effect.before_ms, effect.after_ms, effect.too_late, effect.relieved) == (2 * ground.HOUR_MS, 3 * ground.HOUR_MS, 0, 0)
    assert set(effect.changes) == {"due_on", "hours", "courses", "rules"}
    assert make(plan, **changes) == effect
    assert [course.title for course in plan.courses.all()] == ["基础课", "加课"]
    assert plan.assignments.filter(learner_id=new.id).exists()
    row = PlanChange.objects.get()
    assert (row.by, row.effect, row.changes["hours"]) == ("安全员", {"added": 1, "hours": 1, "kept": 1}, ["2", "3"])


def test_who_has_completed_keeps_hours_courses_and_certificate(plan):
    view = plans.assignments_of(Assignment.objects.get().learner_id)[0]
    ground.learn_all(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=95, at=AT)
    plans.review_completion(learner_id=view.learner_id, at=AT)
    before = plans.assignment_by_id(view.id)
    more = ground.make_course("AQ-CY-B2", lessons=(ground.HOUR_MS,))
    changing.change(
        plan_uuid=plan.uuid,
        edit=edit(plan, add_version_ids=[more], hours=3),
        seen=comparing.fingerprint(plan),
        by="安全员",
        at=AT + timedelta(days=1),
    )
    assert plans.assignment_by_id(view.id) == before
    assert before.required_ms == 2 * ground.HOUR_MS
    assert plans.standing(before).learning_done


def test_an_edit_without_change_writes_nothing(plan):
    before = state(plan)
    assert make(plan).changes == {}
    assert state(plan) == before


def test_never_below_the_law(plan):
    refused(plan, "below_the_law", hours=1)
    refused(plan, "courses_too_short", hours=3)
    refused(plan, "too_many_hours", hours=500)


def test_refuses_a_deadline_that_is_over_or_before_the_start(plan):
    refused(plan, "due_not_after_start", due_on=TODAY)
    refused(plan, "due_not_after_start", due_on=TODAY + timedelta(days=5), starts_on=TODAY + timedelta(days=6))
    refused(plan, "title", title=" ")


def test_a_start_does_not_move_behind_those_who_have_begun(plan):
    make(plan, starts_on=TODAY + timedelta(days=2))
    Assignment.objects.update(earned_ms=1)
    refused(plan, "already_started", starts_on=TODAY + timedelta(days=3))
    assert make(plan, starts_on=None).changes


def test_a_course_is_added_once_and_only_while_it_is_offered(plan):
    refused(plan, "course_twice", add_version_ids=[plan.courses.get().version_id])
    refused(plan, "course_gone", add_version_ids=[ground.make_course("AQ-CY-B3", state="RETIRED")])
    refused(plan, "exam_rule", exam_pass_score=59)
    refused(plan, "bank_too_small", exam_questions=99)


def test_a_closed_plan_is_not_changed(plan):
    seen = comparing.fingerprint(plan)
    plans.close_plan(plan_uuid=plan.uuid, at=AT)
    refused(plan, "plan_closed", title="另一个名字")
    with pytest.raises(DomainError, match="plan_closed"):
        make(plan, seen=seen, title="另一个名字")


def test_plans_do_not_wait_for_each_other(plan):
    course, law = ground.make_course("AQ-CY-B4"), ground.requirement(code="CY-B4")
    second = ground.open_plan(version_ids=[course], requirement_id=law, exam_needed=False, prerequisite=plan.uuid)
    third = ground.open_plan(
        version_ids=[course], requirement_id=ground.requirement(code="CY-B5"), exam_needed=False, prerequisite=second
    )
    for waits in (plan.uuid, second, third):
        refused(plan, "prerequisite_cycle", prerequisite=waits)
    refused(plan, "not_found", prerequisite=uuid4())


def test_the_effect_of_another_plan_first_names_those_who_are_not_in_it(plan):
    course, law = ground.make_course("AQ-CY-B4"), ground.requirement(code="CY-B4")
    other = ground.learner(7)
    first = ground.open_plan(
        plans.Who("picked", learner_ids=[other.id]), version_ids=[course], requirement_id=law, exam_needed=False
    )
    effect = preview(plan, prerequisite=first)
    assert (effect.waiting, effect.stranded) == (1, 1)


@pytest.mark.req("R2.9")
def test_two_managers_do_not_overwrite_each_other(plan):
    seen = comparing.fingerprint(plan)
    make(plan, title="第一位改的")
    before = state(plan)
    with pytest.raises(DomainError) as caught:
        make(plan, seen=seen, due_on=TODAY + timedelta(days=90))
    assert (caught.value.code, caught.value.status) == ("changed_meanwhile", 409)
    assert "安全员" in str(caught.value.message)
    assert state(plan) == before
    plan.refresh_from_db()
    assert comparing.differences(plan, seen) == [("计划名称", "新员工专项培训", "第一位改的")]
    assert comparing.differences(plan, "forged")


def test_a_rule_for_everybody_is_confirmed_with_the_number(plan):
    ground.learner(2)
    everybody = plans.Who("all")
    assert preview(plan, add_rule=everybody).added == 1
    before = state(plan)
    for confirmed in (None, 1):
        with pytest.raises(DomainError) as caught:
            make(plan, add_rule=everybody, confirmed=confirmed)
        assert (caught.value.code, caught.value.details["count"]) == ("takes_everyone", 2)
    assert state(plan) == before
    assert make(plan, add_rule=everybody, confirmed=2).added == 1
    rule = AssignmentRule.objects.get()
    make(plan, drop_rules=frozenset({rule.pk}))
    assert not AssignmentRule.objects.exists()
    assert plan.assignments.count() == 2


def test_who_cannot_make_it_any_more_is_counted(plan):
    long = ground.make_course("AQ-CY-B6", lessons=(ground.HOUR_MS,) * 20)
    assert preview(plan, add_version_ids=[long], hours=20, due_on=TODAY + timedelta(days=1)).too_late == 1
    assert preview(plan, add_version_ids=[long], hours=20, due_on=TODAY + timedelta(days=2)).too_late == 0
    TrainingPlan.objects.update(due_on=TODAY - timedelta(days=1))
    assert preview(plan, due_on=TODAY + timedelta(days=9)).relieved == 1


def test_the_effect_costs_the_same_for_many_people(plan):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            preview(plan, title="别的名字", add_rule=plans.Who("role", role="CY"))
        return len(seen)

    ground.learner(9)
    before = cost()
    for n in range(10, 30):
        ground.learner(n)
    assert cost() == before


def test_history_of_changes_only_grows(plan):
    make(plan, title="别的名字")
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanChange.objects.update(by="别人")
    assert PlanChange.objects.get().by == "安全员"


def test_the_neighbour_changes_nothing_of_ours(plan, yi):
    seen, wanted = comparing.fingerprint(plan), edit(plan, title="邻居改的")
    with enterprise_scope(yi), pytest.raises(DomainError) as caught:
        changing.change(plan_uuid=plan.uuid, edit=wanted, seen=seen, by="邻居", at=AT)
    assert caught.value.status == 404
    assert TrainingPlan.objects.get().title == plan.title
