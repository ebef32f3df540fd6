"""Pages of running plans: rules in the wizard, other trainers, the effect of a change, two managers at once."""

import re
from datetime import timedelta

import pytest

from apps.people.services import unit_of_path
from apps.plans.models import AssignmentRule, PlanChange, TrainingPlan
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

NOW = clock.now()
DUE = (clock.shanghai_date(NOW) + timedelta(days=40)).isoformat()


@pytest.fixture
def manager(in_jia):
    return ground.manager_browser(in_jia)


@pytest.fixture
def plan(manager):
    ground.learner(1, unit_path="生产部")
    ground.learner(2, unit_path="仓储部")
    course = ground.make_course("AQ-CY-P1", title="基础课", lessons=(60_000,))
    ground.make_questions("AQ-CY-P1")
    uuid = ground.open_plan(version_ids=[course])
    TrainingPlan.objects.update(due_on=DUE)
    return TrainingPlan.objects.get(uuid=uuid)


def wizard(client, step, go="next", **said):
    return client.post("/console/plans/new", {"step": step, "go": go, **said})


def form_of(page):
    """Return what a form of a page holds, as a browser would send it."""
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    values |= dict(re.findall(r'name="(title|starts_on|due_on|hours|exam_\w+)" value="([^"]*)"', page))
    values |= {
        name: value for value, name in re.findall(r'value="([^"]*)"[^>]* name="(title|starts_on|due_on|hours|exam_\w+)"', page)
    }
    values.pop("csrfmiddlewaretoken", None)
    return values


@pytest.mark.req("R2.9")
def test_a_rule_is_chosen_in_the_wizard_and_everybody_is_confirmed(manager, in_jia):
    ground.learner(1)
    ground.learner(2)
    said = {
        "title": "全员",
        "requirement_id": ground.requirement(),
        "version_ids": [ground.make_course("AQ-CY-P2")],
        "due_on": DUE,
    }
    asked = wizard(manager, "who", **said, who_kind="all", who_seen="all", follow="on")
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "确认全部 2 人" in page
    assert "请勾选" in page
    assert not TrainingPlan.objects.exists()
    wrong = wizard(manager, "review", "open", **said, who_kind="all", who_seen="all", follow="on", everyone=1)
    assert wrong.status_code == 422
    done = wizard(manager, "review", "open", **said, who_kind="all", who_seen="all", follow="on", everyone=2)
    assert done.status_code == 302
    assert AssignmentRule.objects.get().kind == "ALL"
    assert "全部在册学员" in manager.get(done["Location"]).content.decode()


def test_choosing_a_unit_switches_the_rule_on(manager, in_jia):
    ground.learner(1, unit_path="生产部")
    said = {"title": "部门", "requirement_id": ground.requirement()}
    page = wizard(manager, "who", "stay", **said, who_kind="unit", who_seen="all").content.decode()
    assert re.search(r'name="follow" checked', page)
    kept = wizard(manager, "who", "stay", **said, who_kind="unit", who_seen="unit").content.decode()
    assert not re.search(r'name="follow" checked', kept)


def test_another_trainer_s_course_is_taken_in_place(manager, in_jia):
    one, two = ground.make_course("AQ-CY-P3", title="消防甲"), ground.make_course("AQ-CY-P4", title="消防乙", trainer="教师乙")
    said = {"title": "消防", "requirement_id": ground.requirement(), "version_ids": [one]}
    page = wizard(manager, "courses", "stay", **said).content.decode()
    assert f'name="swap" value="{one}:{two}"' in page
    page = manager.post("/console/plans/new", {**said, "step": "courses", "swap": f"{one}:{two}"}).content.decode()
    assert re.search(rf'name="version_ids" value="{two}" checked', page)
    assert not re.search(rf'name="version_ids" value="{one}" checked', page)


def test_rows_of_the_law_are_narrowed_by_who_and_when(manager):
    ground.requirement("INITIAL", hours=24, code="CY-GEN")
    other = ground.requirement("INITIAL", hours=32, code="FZ-GEN")
    page = wizard(manager, "law", "stay", trainee="CY", stage="INITIAL", hazard="GENERAL").content.decode()
    assert "24 学时起" in page
    assert f'name="requirement_id" value="{other}"' not in page
    assert "没有符合的模板" in wizard(manager, "law", "stay", trainee="XF", stage="INITIAL").content.decode()


@pytest.mark.req("R2.9")
def test_a_change_shows_its_effect_and_is_made_afterwards(manager, plan):
    url = f"/console/plans/{plan.uuid}/change"
    page = manager.get(url).content.decode()
    assert "看看影响" in page
    said = {**form_of(page), "title": "改了名字", "go": "preview"}
    new = ground.learner(3, role="GL")
    effect = manager.post(url, {**said, "who_kind": "role", "role": "GL"})
    text = effect.content.decode()
    assert effect.status_code == 200
    assert "新增 1 名学员" in text
    assert new.name in text
    assert not PlanChange.objects.exists()
    done = manager.post(url, {**form_of(text), "go": "apply"})
    assert done["Location"] == f"/console/plans/{plan.uuid}", done.content.decode()
    page = manager.get(done["Location"]).content.decode()
    assert "改了名字" in page
    assert "人员类别：安全生产管理人员" in page
    assert "修改记录（1）" in page
    assert plan.assignments.count() == 3


def test_bad_input_is_told_beside_its_field_and_kept(manager, plan):
    url = f"/console/plans/{plan.uuid}/change"
    said = {**form_of(manager.get(url).content.decode()), "go": "preview"}
    for bad, words in (
        ({"due_on": "2020-01-01"}, "截止日期要晚于今天"),
        ({"due_on": ""}, "请选择截止日期"),
        ({"title": ""}, "请填写计划名称"),
        ({"hours": "x"}, "请填写整数"),
        ({"who_kind": "unit"}, "请先选择部门"),
        ({"prerequisite": "nothing"}, "请从列表里选择前置计划"),
        ({"prerequisite": str(plan.uuid)}, "请换一个前置计划"),
    ):
        answer = manager.post(url, {**said, "exam_minutes": "44", **bad})
        assert answer.status_code == 422, bad
        assert words in answer.content.decode()
        assert 'value="44"' in answer.content.decode()
    assert TrainingPlan.objects.get().exam_minutes == 30


@pytest.mark.req("R2.9")
def test_the_second_of_two_managers_is_told_what_differs_and_keeps_what_was_typed(manager, plan):
    url = f"/console/plans/{plan.uuid}/change"
    first, second = (form_of(manager.get(url).content.decode()) for _tab in range(2))
    assert manager.post(url, {**first, "title": "第一位改的", "go": "apply"}).status_code == 302
    clash = manager.post(url, {**second, "title": "第二位改的", "exam_minutes": "45", "go": "apply"})
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "第一位改的" in page
    assert 'value="第二位改的"' in page
    assert TrainingPlan.objects.get().title == "第一位改的"
    again = manager.post(url, {**form_of(page), "go": "apply"})
    assert again.status_code == 302
    assert (TrainingPlan.objects.get().title, TrainingPlan.objects.get().exam_minutes) == ("第二位改的", 45)


def test_a_rule_for_everybody_is_confirmed_on_the_page_of_its_effect(manager, plan):
    url = f"/console/plans/{plan.uuid}/change"
    said = {**form_of(manager.get(url).content.decode()), "who_kind": "all", "go": "preview"}
    page = manager.post(url, said).content.decode()
    assert "确认全部 2 人" in page
    refused = manager.post(url, {**form_of(page), "go": "apply"})
    assert refused.status_code == 409
    assert not AssignmentRule.objects.exists()
    assert manager.post(url, {**form_of(page), "everyone": "2", "go": "apply"}).status_code == 302
    assert AssignmentRule.objects.get().kind == "ALL"


def test_a_closed_plan_leads_back(manager, plan):
    manager.post(f"/console/plans/{plan.uuid}/close")
    url = f"/console/plans/{plan.uuid}/change"
    assert manager.get(url)["Location"] == f"/console/plans/{plan.uuid}"
    assert manager.post(url, {"go": "apply", "title": "改"}).status_code == 302
    assert TrainingPlan.objects.get().title == plan.title


def test_learners_are_added_by_rule_on_their_page(manager, plan):
    unit = unit_of_path("生产部/新班组")
    late = ground.learner(5, unit_id=unit.pk)
    url = f"/console/plans/{plan.uuid}/add"
    said = {"go": "add", "who_kind": "unit", "unit_id": unit.pk, "follow": "on"}
    assert manager.post(url, said).status_code == 302
    assert plan.assignments.filter(learner_id=late.id).exists()
    assert AssignmentRule.objects.get().unit_id == unit.pk


def test_the_neighbour_finds_no_page_of_ours(plan, yi):
    with enterprise_scope(yi):
        neighbour = ground.manager_browser(yi)
    assert neighbour.get(f"/console/plans/{plan.uuid}/change").status_code == 404
    assert neighbour.post(f"/console/plans/{plan.uuid}/change", {"go": "apply", "title": "邻居"}).status_code == 404
    assert TrainingPlan.objects.get().title == plan.title
