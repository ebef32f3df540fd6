"""How an exam is held is the plan's: a paper or the courses' topics, and how strictly; chosen when it is opened, changed while it runs."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from apps.exams.papers.shapes import Row
from apps.plans import api as plans
from apps.plans.exam_wording import policy_words
from apps.plans.models import PlanChange, TrainingPlan
from apps.plans.running import changing, comparing
from apps.plans.running.form import ChangeForm
from infra.kit import clock
from infra.kit.errors import DomainError
from tests.apps.exams.papers import ground as papers
from tests.apps.plans import ground

DUE = (clock.shanghai_date(clock.now()) + timedelta(days=400)).isoformat()
STRICT = plans.ExamPolicy(face="random", leave_limit=3, leave_action="submit", cool_hours=24, restudy_minutes=30, reveal="score")


@pytest.fixture
def paper(in_jia):
    ground.learner(1)
    papers.fill(12)
    return papers.write(papers.drawn(Row(count=6, score=5), minutes=45, pass_score=90, tries=2, policy=STRICT))


@pytest.fixture
def said(paper):
    course = ground.make_course("AQ-CY-T7")
    ground.make_questions("AQ-CY-T7")
    return {"title": "岗前培训", "requirement_id": ground.requirement(), "who_kind": "all", "version_ids": [course], "due_on": DUE,
            "exam_needed": "on", "exam_questions": 5, "exam_pass_score": 80, "exam_minutes": 30, "exam_tries": 3}  # fmt: skip


def step(client, go="next", step="when", **said):
    return client.post("/console/plans/new", {"step": step, "go": go, **said})


def value(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]  # type: ignore[index]


def test_a_policy_reads_what_older_plans_say(paper):
    assert plans.ExamPolicy.read({}) == plans.ExamPolicy()
    assert plans.ExamPolicy.read({"cool_hours": 3, "of_other_days": 1}) == plans.ExamPolicy(cool_hours=3)
    assert plans.ExamPolicy.read(STRICT.as_json()) == STRICT
    assert policy_words(STRICT) == (
        "开考前核验人脸，考试中随机抽查；离开考试页面超过 3 次自动交卷；没考过的，24 小时后才能补考；"
        "没考过的，再学 30 分钟课程才能补考；交卷后只能看分数"
    )


def test_the_wizard_offers_papers_and_takes_their_numbers_over(in_jia, paper, said):
    client = ground.manager_browser(in_jia)
    page = step(client, "next", "who", **said).content.decode()
    assert "按所选课程的知识点，从平台题库随机抽题" in page
    assert "试卷：有限空间考试" in page
    page = step(client, **said, exam_paper=paper.uuid).content.decode()  # chosen and left at once: the numbers are shown first
    assert "共 6 题，满分 30 分" in page
    assert (value(page, "exam_minutes"), value(page, "exam_tries"), value(page, "exam_cool_hours")) == ("45", "2", "24")
    said |= {"exam_paper": paper.uuid, "paper_seen": paper.uuid, "exam_questions": 6, "exam_tries": 4, "exam_minutes": 45}
    said |= {f"exam_{name}": word for name, word in STRICT.as_json().items()} | {"exam_pass_score": 90}
    page = step(client, **said).content.decode()
    assert "试卷“有限空间考试”" in page
    assert "离开考试页面超过 3 次自动交卷" in page
    step(client, "open", "review", **said)
    plan = TrainingPlan.objects.get()
    assert (plan.exam_paper, plan.exam_questions, plan.exam_tries, plan.exam_minutes) == (paper.uuid, 6, 4, 45)
    assert plans.ExamPolicy.read(plan.exam_policy) == STRICT
    assert "有限空间考试" in client.get(f"/console/plans/{plan.uuid}").content.decode()


def test_a_plan_without_a_paper_is_as_before_with_the_mildest_policy(in_jia, said):
    step(ground.manager_browser(in_jia), "open", "review", **said)
    plan = TrainingPlan.objects.get()
    assert (plan.exam_paper, plan.exam_questions) == (None, 5)
    assert plans.ExamPolicy.read(plan.exam_policy) == plans.ExamPolicy()


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [
        ("exam_paper", "x", "请从列表里选择试卷"),
        ("exam_paper", "00000000-0000-0000-0000-000000000001", "没有找到这份试卷"),
        ("exam_cool_hours", "999", "168"),
        ("exam_face", "always", "always"),
    ],
)
def test_odd_answers_are_told_and_open_nothing(in_jia, said, name, bad, words):
    seen = {"paper_seen": bad} if name == "exam_paper" else {}
    answer = step(ground.manager_browser(in_jia), **{**said, name: bad, **seen})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not TrainingPlan.objects.exists()


def test_a_paper_that_cannot_be_drawn_is_refused_on_the_step(in_jia, said):
    short = papers.write(papers.drawn(Row(count=80, score=1)))
    answer = step(ground.manager_browser(in_jia), **said, exam_paper=short.uuid, paper_seen=short.uuid)
    assert (answer.status_code, "题库里符合条件的只有" in answer.content.decode()) == (422, True)


def edit_of(plan, **changes):
    form = ChangeForm(ChangeForm.of(plan), plan=plan)
    assert form.is_valid(), form.errors
    return replace(form.edit(), **changes)


def change(plan, seen=None, **changes):
    plan = TrainingPlan.objects.get(pk=plan.pk)
    wanted = edit_of(plan, **changes)
    return changing.change(
        plan_uuid=plan.uuid, edit=wanted, seen=seen or comparing.fingerprint(plan), by="安全员", at=ground.NOON
    )


def test_paper_and_policy_change_in_a_running_plan_and_are_written_down(paper):
    plan = TrainingPlan.objects.get(uuid=ground.open_plan())
    assert change(plan).changes == {}
    effect = change(plan, exam_paper=paper.uuid, exam_policy=STRICT)
    assert effect.changes["exam_paper"] == ("按课程知识点随机抽题", "有限空间考试")
    assert effect.changes["exam_questions"] == ("5", "6")
    assert "24 小时后才能补考" in effect.changes["exam_policy"][1]
    plan.refresh_from_db()
    paper.refresh_from_db()
    assert (plan.exam_paper, plan.exam_questions, paper.used_at) == (paper.uuid, 6, ground.NOON)
    assert change(plan).changes == {}
    assert list(change(plan, exam_tries=9).changes) == ["exam_tries"]
    assert list(change(plan, exam_paper=None).changes) == ["exam_paper"]
    assert PlanChange.objects.count() == 3


def test_a_preview_takes_no_paper_and_a_refusal_changes_nothing(paper):
    plan = TrainingPlan.objects.get(uuid=ground.open_plan())
    seen = comparing.fingerprint(plan)
    changing.preview(plan_uuid=plan.uuid, edit=edit_of(plan, exam_paper=paper.uuid), seen=seen, at=ground.NOON)
    paper.refresh_from_db()
    assert paper.used_at is None
    for code, changes in {
        "exam_policy": {"exam_policy": plans.ExamPolicy(cool_hours=169)},
        "bank_too_small": {"exam_paper": papers.write(papers.drawn(Row(count=80, score=1))).uuid},
    }.items():
        with pytest.raises(DomainError) as caught:
            change(plan, **changes)
        assert caught.value.code == code
    plan.refresh_from_db()
    assert (plan.exam_paper, plan.exam_policy) == (None, plans.ExamPolicy().as_json())


def test_the_page_of_a_change_shows_the_paper_and_its_strictness(in_jia, paper):
    uuid = ground.open_plan(exam_paper=paper.uuid, exam_policy=STRICT)
    TrainingPlan.objects.filter(uuid=uuid).update(due_on=DUE)
    client = ground.manager_browser(in_jia)
    page = client.get(f"/console/plans/{uuid}/change").content.decode()
    assert f'value="{paper.uuid}" selected' in page
    assert value(page, "exam_restudy_minutes") == "30"
    posted = dict(ChangeForm.of(TrainingPlan.objects.get(uuid=uuid)).items()) | {"exam_tries": "7", "go": "preview"}
    assert "可考次数" in client.post(f"/console/plans/{uuid}/change", posted).content.decode()
