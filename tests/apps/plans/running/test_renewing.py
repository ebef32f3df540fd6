"""Yearly refreshers open by themselves, once for each month of completion, with other courses than those learnt."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from apps.people import api as people
from apps.people.models import Notice
from apps.people.privacy import restricting
from apps.people.services import archive_learner
from apps.plans import api as plans
from apps.plans.models import Renewal, TrainingPlan
from apps.plans.running import renewing
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

AT = ground.NOON
NEXT = AT + timedelta(days=330)
"""35 days before the year is over."""


@pytest.fixture
def laws(in_jia):
    people.open_owner(name="安全员", mobile="13900000001", password=None, at=AT)
    return ground.requirement("INITIAL", hours=1, code="CY-GEN"), ground.requirement("ANNUAL", hours=1, code="CY-GEN")


@pytest.fixture
def plan(laws):
    """A plan that 学员甲 has completed and 学员乙 has not."""
    one = ground.learner(1)
    ground.learner(2)
    course = ground.make_course("AQ-CY-R1", lessons=(ground.HOUR_MS,))
    ground.make_questions("AQ-CY-R1")
    uuid = ground.open_plan(
        title="三级教育", version_ids=[course], requirement_id=laws[0], renew_yearly=True, due_on=AT.date() + timedelta(days=90)
    )
    finish(one)
    return TrainingPlan.objects.get(uuid=uuid)


def finish(someone, at=AT):
    view = next(view for view in plans.assignments_of(someone.id) if view.state == "ASSIGNED")
    ground.learn_all(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=95, at=at)
    plans.review_completion(learner_id=someone.id, at=at)


def other_course():
    ground.make_questions("AQ-CY-R2")
    return ground.make_course("AQ-CY-R2", title="再培训课", lessons=(ground.HOUR_MS,))


@pytest.mark.req("R2.9")
def test_a_refresher_opens_once_for_those_who_completed_nearly_a_year_ago(plan):
    new = other_course()
    assert renewing.renew_all(at=AT + timedelta(days=300)) == 0
    assert renewing.renew_all(at=NEXT) == 1
    fresh = Renewal.objects.get().plan
    assert (fresh.due_on, fresh.stage, fresh.legal_hours) == (date(2027, 11, 23), "ANNUAL", 1)
    assert fresh.title == "三级教育（2027 年再培训）"
    assert [course.version_id for course in fresh.courses.all()] == [new]
    assert [duty.learner_id for duty in fresh.assignments.all()] == [plan.assignments.get(state="COMPLETED").learner_id]
    assert Notice.objects.filter(kind="plan.renewed").count() == 1
    assert renewing.renew_all(at=NEXT) == 0
    assert TrainingPlan.objects.count() == 2
    assert fresh.renew_yearly


def test_who_learnt_the_only_course_already_gets_no_plan_and_managers_are_told_once(plan):
    for _again in range(2):
        assert renewing.renew_all(at=NEXT) == 0
    row = Renewal.objects.get()
    assert (row.plan, row.problem) == (None, "no_courses")
    assert Notice.objects.filter(kind="plan.not_renewed").count() == 1
    assert TrainingPlan.objects.count() == 1
    other_course()
    assert renewing.renew_all(at=NEXT) == 1
    assert Renewal.objects.get().problem == ""


def test_who_left_or_has_a_refresher_already_is_passed_over(plan, laws):
    new = other_course()
    someone = plan.assignments.get(state="COMPLETED").learner
    archive_learner(learner_uuid=someone.uuid, at=NEXT)
    assert renewing.renew_all(at=NEXT) == 0
    from apps.people.services import restore_learner

    restore_learner(learner_uuid=someone.uuid, at=NEXT)
    order = ground.order(version_ids=[new], requirement_id=laws[1], due_on=NEXT.date() + timedelta(days=20), exam_needed=False)
    plans.open_plan(order=order, who=plans.Who("picked", learner_ids=[someone.pk]), by="安全员", at=NEXT)
    assert renewing.renew_all(at=NEXT) == 0
    assert not Renewal.objects.filter(plan__isnull=False).exists()


def test_whose_data_are_restricted_gets_no_new_plan(plan):
    other_course()
    someone = plan.assignments.get(state="COMPLETED").learner
    restricting.apply(someone.pk, at=NEXT)
    assert renewing.renew_all(at=NEXT) == 0
    assert not Renewal.objects.exists()
    restricting.lift(learner_id=someone.pk, at=NEXT)
    assert renewing.renew_all(at=NEXT) == 1


def test_where_the_year_is_over_people_have_thirty_days(plan):
    other_course()
    late = AT + timedelta(days=500)
    assert renewing.renew_all(at=late) == 1
    assert Renewal.objects.get().plan.due_on == late.date() + timedelta(days=30)


def test_renewing_is_refused_where_the_law_has_no_refresher(in_jia):
    ground.learner(1)
    order = ground.order(requirement_id=ground.requirement("EVENT", code="XF-IN"), renew_yearly=True)
    with pytest.raises(DomainError, match="no_refresher"):
        plans.open_plan(order=order, who=plans.Who(), by="安全员", at=AT)
    assert not TrainingPlan.objects.exists()


def test_a_year_later_the_29th_of_february_is_the_28th():
    assert renewing.anniversary(date(2028, 2, 29)) == date(2029, 2, 28)
    assert renewing.anniversary(date(2026, 11, 23)) == date(2027, 11, 23)


def test_months_are_those_of_zhejiang(plan):
    other_course()
    plan.assignments.filter(state="COMPLETED").update(completed_at=datetime(2026, 11, 30, 17, 0, tzinfo=UTC))
    ((_plan, month, first),) = renewing.due_cohorts(at=NEXT + timedelta(days=10))
    assert (month, first) == (date(2026, 12, 1), date(2026, 12, 1))


def test_the_neighbour_renews_nothing_of_ours(plan, yi):
    other_course()
    with enterprise_scope(yi):
        assert renewing.renew_all(at=NEXT) == 0
        assert not Renewal.objects.exists()
