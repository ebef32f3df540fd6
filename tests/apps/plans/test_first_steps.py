"""The checklist knows the enterprise; samples come and go in one click, count nowhere and never take real data with them."""

import pytest

from apps.people import api as people
from apps.people import services
from apps.people.models import Change, Learner, Qualification, Unit
from apps.plans import api as plans
from apps.plans.first_steps import samples
from apps.plans.models import Assignment, FirstSteps, TrainingPlan
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground


@pytest.fixture
def manager(in_jia):
    return ground.manager_browser(in_jia)


def feed():
    from public.regulators.models import FeedRecord

    with platform_scope():
        return FeedRecord.objects.count()


def test_the_checklist_follows_the_enterprise(manager):
    page = manager.get("/console")
    assert page.context["first_steps"].next_key == "people"
    assert "/console/people/import" in page.content.decode()
    who = ground.learner(1, unit_path="一车间")
    assert manager.get("/console").context["first_steps"].next_key == "plan"
    ground.open_plan()
    assert manager.get("/console").context["first_steps"].next_key == "invite"
    Learner.objects.get(pk=who.id).credential.__class__.objects.filter(learner=who.id).update(last_login=clock.now())
    found = manager.get("/console").context["first_steps"]
    assert (found.next_key, found.done) == ("first", 4)
    (duty,) = plans.assignments_of(who.id)
    ground.learn_all(duty)
    plans.note_exam_passed(assignment_id=duty.id, attempt=duty.uuid, score=90, at=ground.NOON)
    plans.review_completion(learner_id=who.id, at=ground.NOON)
    assert manager.get("/console").context["first_steps"] is None


def test_the_checklist_is_put_away_and_comes_back(manager):
    assert manager.post("/console/first-steps/hide").status_code == 302
    page = manager.get("/console").content.decode()
    assert "开始步骤已隐藏" in page
    assert 'data-step="people"' not in page
    assert FirstSteps.objects.get().hidden_by is not None
    manager.post("/console/first-steps/show")
    assert 'data-step="people"' in manager.get("/console").content.decode()


@pytest.mark.req("R2.9")
def test_samples_come_and_go_and_leave_nothing(manager):
    tables = (Learner, Unit, TrainingPlan, Assignment, Change)
    before, told = [table.objects.count() for table in tables], feed()
    assert "先用示例数据看看" in manager.get("/console").content.decode()
    assert manager.post("/console/samples/load").status_code == 302
    assert Learner.objects.filter(sample=True).count() == 5
    page = manager.get("/console/people").content.decode()
    assert "示例学员一" in page
    assert "示例：新员工安全培训" in manager.get("/console/plans").content.decode()
    assert manager.post("/console/samples/load").status_code == 409
    assert Learner.objects.filter(sample=True).count() == 5
    assert manager.post("/console/samples/remove").status_code == 302
    assert ([table.objects.count() for table in tables], feed()) == (before, told)


def test_samples_count_in_no_number_and_never_reach_the_authority(manager):
    samples.load(by="安全员", at=clock.now())
    told = feed()
    found = manager.get("/console").context["o"]
    assert (found.learners, found.duties, found.running, found.any_plan) == (0, 0, 0, False)
    assert people.count_learners() == 0
    assert people.search_learners() == []
    one = Learner.objects.filter(sample=True).first()
    Qualification.objects.create(learner=one, kind="WELDING", expires_on="2020-01-01")
    assert manager.get("/console").context["o"].expired == 0
    services.update_learner(learner_uuid=one.uuid, name="示例改名", mobile="", at=ground.NOON)
    services.archive_learner(learner_uuid=one.uuid, at=ground.NOON)
    assert feed() == told
    with pytest.raises(DomainError, match="is_sample"):
        services.update_learner(learner_uuid=one.uuid, name="示例改名", mobile="13812345678", at=ground.NOON)
    assert one.credential is None, "no way in: nothing can be learnt or examined"


def test_samples_are_never_taken_into_a_real_plan_nor_real_people_into_the_sample_plan(in_jia):
    samples.load(by="安全员", at=clock.now())
    real = ground.learner(1)
    sample_ids = list(Learner.objects.filter(sample=True).values_list("pk", flat=True))
    uuid = ground.open_plan()
    assert list(TrainingPlan.objects.get(uuid=uuid).assignments.values_list("learner", flat=True)) == [real.id]
    with pytest.raises(DomainError, match="unknown_learner"):
        plans.add_learners(plan_uuid=uuid, who=plans.Who("picked", learner_ids=sample_ids), at=ground.NOON)
    sample = TrainingPlan.objects.get(sample=True)
    with pytest.raises(DomainError, match="sample_plan"):
        plans.add_learners(plan_uuid=sample.uuid, who=plans.Who(), at=ground.NOON)
    assert sample.assignments.count() == 5


def test_removing_samples_keeps_whatever_real_people_were_mixed_into(manager):
    samples.load(by="安全员", at=clock.now())
    home = Unit.objects.get(sample=True)
    real = ground.learner(1, unit_id=home.pk)
    plan = TrainingPlan.objects.get(sample=True)
    Assignment.objects.create(plan=plan, learner_id=real.id, assigned_at=ground.NOON)
    answer = manager.post("/console/samples/remove", follow=True)
    assert "保留了 示例：新员工安全培训、示例部门" in answer.content.decode()
    home.refresh_from_db()
    plan.refresh_from_db()
    assert (home.sample, plan.sample) == (False, False)
    assert list(Learner.objects.values_list("pk", "unit")) == [(real.id, home.pk)]
    assert list(plan.assignments.values_list("learner", flat=True)) == [real.id]
    assert not samples.are_there()


def test_a_sample_that_other_rows_hang_on_is_archived_and_stays_out_of_every_number(in_jia):
    samples.load(by="安全员", at=clock.now())
    one = Learner.objects.filter(sample=True).order_by("pk").first()
    from apps.community.models import CourseRating

    CourseRating.objects.create(learner=one, version_id=1, stars=5, at=ground.NOON, stands_at=ground.NOON)
    gone = samples.remove(at=clock.now())
    one.refresh_from_db()
    assert (gone.people, gone.kept) == (4, ["示例学员一"])
    assert (one.status, one.sample) == ("ARCHIVED", True)
    assert people.count_learners(status="") == 0
    assert not samples.are_there()


@pytest.mark.req("R5.7")
def test_the_neighbour_s_samples_are_their_own(in_jia, yi, manager):
    samples.load(by="安全员", at=clock.now())
    with enterprise_scope(yi):
        neighbour = ground.manager_browser(yi)
    assert neighbour.post("/console/samples/remove").status_code == 302
    with enterprise_scope(in_jia):
        assert Learner.objects.filter(sample=True).count() == 5
    assert "示例学员" not in neighbour.get("/console/people").content.decode()
