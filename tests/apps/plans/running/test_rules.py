"""Rules of a running plan: who comes to fit is brought in by itself, once; nobody is brought in by accident."""

from datetime import timedelta

import pytest

from apps.people import api as people
from apps.people import changing as people_changing
from apps.people import services
from apps.people.models import Position, Unit
from apps.people.organisation import positions, units
from apps.plans import api as plans
from apps.plans.models import Assignment, AssignmentRule, TrainingPlan
from apps.plans.running import following
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

AT = ground.NOON
SOON = {"due_on": AT.date() + timedelta(days=30)}


def unit(path):
    return services.unit_of_path(path)


def opened(who, **changes):
    return TrainingPlan.objects.get(uuid=ground.open_plan(who, **changes))


def in_plan(plan):
    return set(plan.assignments.values_list("learner_id", flat=True))


@pytest.fixture
def boss(in_jia):
    people.open_owner(name="安全员", mobile="13900000001", password=None, at=AT)
    from apps.people.models import Manager

    return Manager.objects.get().pk


@pytest.fixture
def workshop(in_jia):
    """生产部 with a workshop below it, one learner in the workshop, one in the store."""
    top, store = unit("生产部"), unit("仓储部")
    return top, unit("生产部/一车间"), store, ground.learner(1, unit_path="生产部/一车间"), ground.learner(2, unit_path="仓储部")


@pytest.mark.req("R2.9")
def test_a_unit_s_rule_takes_in_units_below_and_whoever_comes_later(workshop, boss):
    top, shop, _store, one, two = workshop
    plan = opened(plans.Who("unit", top.pk, keep=True))
    assert in_plan(plan) == {one.id}
    added = ground.learner(3, unit_id=shop.pk)
    further = ground.learner(4, unit_path="仓储部", further_ids=[shop.pk])
    people_changing.change_fields(learner_uuid=two.uuid, unit_id=top.pk, at=AT, by=boss)
    assert following.follow_all(at=AT) == 3
    assert in_plan(plan) == {one.id, added.id, further.id, two.id}
    assert following.follow_all(at=AT) == 0


def test_moving_a_unit_brings_its_people_in(workshop, boss):
    top, _shop, store, one, two = workshop
    plan = opened(plans.Who("unit", top.pk, keep=True))
    units.change(unit_id=store.pk, name="仓储部", parent_id=top.pk, by=boss, at=AT)
    following.follow_all(at=AT)
    assert in_plan(plan) == {one.id, two.id}


def test_who_comes_back_on_the_books_is_brought_in(workshop, boss):
    top, shop, *_rest = workshop
    gone = ground.learner(3, unit_id=shop.pk)
    services.archive_learner(learner_uuid=gone.uuid, at=AT, by=boss)
    plan = opened(plans.Who("unit", top.pk, keep=True))
    assert gone.id not in in_plan(plan)
    services.restore_learner(learner_uuid=gone.uuid, at=AT, by=boss)
    following.follow_all(at=AT)
    assert gone.id in in_plan(plan)


def test_rules_mean_posts_hazards_and_roles(in_jia, boss):
    welder, clerk = ground.learner(1, position="焊工"), ground.learner(2, position="文员", role="GL")
    positions.write(position_id=None, name="焊工", hazards=["FIRE"], note="", by=boss, at=AT)
    ground.learner(3)
    for who, meant in (
        (plans.Who("position", word="焊工", keep=True), welder),
        (plans.Who("hazard", word="FIRE", keep=True), welder),
        (plans.Who("role", role="GL", keep=True), clerk),
    ):
        course, law = ground.make_course(f"AQ-{who.kind}"), ground.requirement(code=f"CY-{who.kind[:3]}")
        assert in_plan(opened(who, version_ids=[course], requirement_id=law, exam_needed=False)) == {meant.id}
    positions.write(position_id=Position.objects.get().pk, name="焊工", hazards=[], note="", by=boss, at=AT)
    ground.learner(4, position="焊工")
    assert following.follow_all(at=AT) == 1  # the post's rule alone


def test_a_rule_that_takes_in_everybody_is_confirmed_with_the_number(in_jia):
    ground.learner(1, unit_path="生产部")
    ground.learner(2, unit_path="生产部")
    order = ground.order()
    for who in (plans.Who(keep=True), plans.Who(keep=True, confirmed=1), plans.Who("unit", unit("生产部").pk, keep=True)):
        with pytest.raises(DomainError) as caught:
            plans.open_plan(order=order, who=who, by="安全员", at=AT)
        assert (caught.value.code, caught.value.status, caught.value.details["count"]) == ("takes_everyone", 409, 2)
        assert "2 名" in str(caught.value.message)
    assert not TrainingPlan.objects.exists()
    plans.open_plan(order=order, who=plans.Who(keep=True, confirmed=2), by="安全员", at=AT)
    assert AssignmentRule.objects.get().kind == "ALL"
    ground.learner(3)
    assert following.follow_all(at=AT) == 1


@pytest.mark.parametrize("change", [{"state": "CLOSED", "closed_at": AT}, {"due_on": AT.date() - timedelta(days=1)}])
def test_a_plan_that_is_over_takes_in_nobody(workshop, change):
    top, shop, *_rest = workshop
    plan = opened(plans.Who("unit", top.pk, keep=True))
    TrainingPlan.objects.filter(pk=plan.pk).update(**change)
    ground.learner(3, unit_id=shop.pk)
    assert following.follow_all(at=AT) == 0
    assert plan.assignments.count() == 1


def test_a_new_duty_is_told_once(workshop):
    from apps.people.models import Notice

    top, _shop, _store, one, _two = workshop
    opened(plans.Who("unit", top.pk, keep=True))
    following.follow_all(at=AT)
    assert list(Notice.objects.filter(kind="plan.assigned").values_list("learner_id", flat=True)) == [one.id]


def test_the_neighbour_s_people_are_not_brought_in(workshop, yi):
    top, *_rest = workshop
    opened(plans.Who("unit", top.pk, keep=True))
    with enterprise_scope(yi):
        ground.learner(9, unit_path="生产部")
        assert following.follow_all(at=AT) == 0
        assert not Assignment.objects.exists()
        assert not AssignmentRule.objects.exists()


def test_a_rule_for_nothing_is_refused(in_jia):
    ground.learner(1)
    order = ground.order()
    for who in (plans.Who("unit", keep=True), plans.Who("position", keep=True), plans.Who("hazard", word="FIRE", keep=True)):
        with pytest.raises(DomainError, match="nobody"):
            plans.open_plan(order=order, who=who, by="安全员", at=AT)
    assert not TrainingPlan.objects.exists()
    assert Unit.objects.count() == 0


def test_news_of_people_is_told_once_for_a_transaction(in_jia):
    from django.db import connection

    from apps.people import events

    before = len(connection.run_on_commit)
    ground.learner(1)
    ground.learner(2)
    told = [entry[1] for entry in connection.run_on_commit[before:] if entry[1].__module__ == events.__name__]
    assert len(told) == 1


@pytest.mark.req("R2.9")
def test_who_comes_in_late_has_days_of_the_own_and_is_not_overdue_with_the_others(in_jia, workshop):
    from apps.people.models import Notice
    from apps.plans import console
    from apps.plans.running import reminding
    from tests.apps.plans.ground import numbers

    top, shop, _store, one, _two = workshop
    plan = opened(plans.Who("unit", top.pk, keep=True), newcomer_days=20, **SOON)
    assert plan.assignments.get().due_on is None
    later = AT + timedelta(days=40)
    new = ground.learner(3, unit_id=shop.pk)
    assert following.follow_all(at=later) == 1
    own = plan.assignments.get(learner_id=new.id)
    assert own.due_on == AT.date() + timedelta(days=60)
    assert plans.assignments_of(new.id)[0].due_on == own.due_on
    today = later.date()
    assert numbers(today).overdue == 1
    assert console.plan_list(state="OVERDUE", today=today).get().late == 1
    assert [duty.learner_id for duty in console.duties(plan, state="OVERDUE", today=today)] == [one.id]
    reminding.remind_all(at=later)
    assert list(Notice.objects.filter(kind="plan.overdue").values_list("learner_id", flat=True)) == [one.id]
    reminding.remind_all(at=AT + timedelta(days=55))
    assert list(Notice.objects.filter(kind="plan.due_soon").values_list("learner_id", flat=True)) == [new.id]
    assert numbers(AT.date() + timedelta(days=61)).overdue == 2
    course, law = ground.make_course("AQ-ND"), ground.requirement(code="ND")
    with pytest.raises(DomainError, match="newcomer_days"):
        opened(plans.Who(), newcomer_days=0, version_ids=[course], requirement_id=law, exam_needed=False)
