"""Pages of plans: who may see them, what they say, how many queries they cost, what bad input does."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.plans import api as plans
from apps.plans.models import TrainingPlan
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

FUTURE = clock.shanghai_date(clock.now()) + timedelta(days=400)


@pytest.fixture
def manager(in_jia):
    return ground.manager_browser(in_jia)


@pytest.fixture
def someone(in_jia):
    return ground.learner(1)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return sum("tenants_domain" not in query["sql"] for query in seen.captured_queries)  # the host is asked once in 30 s


def finish(view):
    ground.learn_all(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=95, at=ground.NOON)
    plans.review_completion(learner_id=view.learner_id, at=ground.NOON)


def test_home_leads_each_to_their_own_side(in_jia, manager, someone):
    assert ground.browser(in_jia).get("/")["Location"] == "/sign-in"
    assert manager.get("/")["Location"] == "/console"
    assert ground.learner_browser(in_jia, someone).get("/")["Location"] == "/learn"


def test_people_ticked_in_the_list_are_added_to_a_running_plan_once(in_jia, manager):
    plan = ground.open_plan(plans.Who("picked", learner_ids=[ground.learner(1).id]))
    ids = [str(ground.learner(n).uuid) for n in (2, 3)]
    page = manager.post("/console/plans/picked", {"ids": ids})
    assert "新员工专项培训" in page.content.decode()
    with enterprise_scope(in_jia):
        assert TrainingPlan.objects.get().assignments.count() == 1
    for _again in range(2):
        assert manager.post("/console/plans/picked", {"ids": ids, "plan": plan}).url == f"/console/plans/{plan}"
        with enterprise_scope(in_jia):
            assert TrainingPlan.objects.get().assignments.count() == 3
    assert manager.post("/console/plans/picked", {"ids": ["x"], "plan": plan}).status_code == 400
    assert manager.post("/console/plans/picked", {"ids": ids, "plan": uuid4()}).status_code == 404


@pytest.mark.parametrize("path", ["/console", "/console/plans", "/console/plans/new"])
def test_learners_and_strangers_do_not_get_into_the_console(in_jia, someone, path):
    assert ground.browser(in_jia).get(path)["Location"].startswith("/sign-in")
    assert ground.learner_browser(in_jia, someone).get(path).status_code == 403


def test_a_new_enterprise_sees_its_first_steps(manager):
    page = manager.get("/console").content.decode()
    assert "开始步骤" in page
    assert "还没有培训计划" in manager.get("/console/plans").content.decode()


@pytest.mark.req("R2.9")
def test_the_overview_says_whether_somebody_is_late(manager, someone):
    uuid = ground.open_plan()
    TrainingPlan.objects.filter(uuid=uuid).update(due_on=FUTURE)
    assert "没有人逾期" in manager.get("/console").content.decode()
    TrainingPlan.objects.filter(uuid=uuid).update(due_on="2026-01-01")
    page = manager.get("/console").content.decode()
    assert "有 1 人逾期未完成培训" in page
    ground.learner(2)
    (view,) = plans.assignments_of(someone.id)
    finish(view)
    assert "还有 1 名学员不在任何计划里" in manager.get("/console").content.decode()


@pytest.mark.req("R2.9")
def test_lists_filter_sort_and_page_at_a_constant_number_of_queries(manager, someone):
    first = ground.open_plan(title="焊接专项")
    before = queries_of(manager, "/console/plans"), queries_of(manager, f"/console/plans/{first}")
    for n in range(2, 9):
        ground.learner(n)
    plans.add_learners(plan_uuid=first, who=plans.Who(), at=ground.NOON)
    course, law = ground.make_course("AQ-CY-T9"), ground.requirement(code="CY-T9")
    for n in range(30):
        ground.open_plan(title=f"计划{n}", version_ids=[course], requirement_id=law, exam_needed=False)
    assert (queries_of(manager, "/console/plans"), queries_of(manager, f"/console/plans/{first}")) == before
    found = manager.get("/console/plans?q=焊接").content.decode()
    assert "焊接专项" in found
    assert "计划3" not in found
    assert "没有符合条件的计划" in manager.get("/console/plans?q=没有这个").content.decode()
    for odd in ("page=99", "page=x", "sort=drop table", "state=NOPE"):
        assert manager.get(f"/console/plans?{odd}").status_code == 200
        assert manager.get(f"/console/plans/{first}?{odd}").status_code == 200


def test_a_plan_sorts_its_learners_by_progress(manager, someone):
    other = ground.learner(2)
    uuid = ground.open_plan()
    (view,) = plans.assignments_of(other.id)
    ground.confirm(other.id, view.courseware_ids[0], 30_000)
    plans.review_completion(learner_id=other.id, at=ground.NOON)
    page = manager.get(f"/console/plans/{uuid}?sort=-progress").content.decode()
    assert page.index(other.name) < page.index(someone.name)
    assert someone.name not in manager.get(f"/console/plans/{uuid}?q={other.name}").content.decode()


def test_the_excel_file_holds_no_formula(manager, someone):
    uuid = ground.open_plan(title='=HYPERLINK("http://evil")')
    answer = manager.get(f"/console/plans/{uuid}?export=xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0].startswith("'=")
    assert rows[2][0] == someone.name
    assert b"<f>" not in answer.content


def wizard(client, step, go="next", **said):
    return client.post("/console/plans/new", {"step": step, "go": go, **said})


@pytest.mark.req("R2.9")
def test_a_plan_is_opened_step_by_step(in_jia, manager, someone):
    law = ground.requirement("INITIAL", hours=2)
    course = ground.make_course("AQ-CY-T7", title="机械伤害防护", lessons=(ground.HOUR_MS,) * 3)
    ground.make_questions("AQ-CY-T7")
    said = {"title": "岗前培训", "requirement_id": law, "who_kind": "all", "exam_needed": "on", "exam_questions": 5,
            "exam_pass_score": 80, "exam_minutes": 30, "exam_tries": 3}  # fmt: skip
    assert "从业人员专项培训" in manager.get("/console/plans/new").content.decode()
    page = wizard(manager, "law", **said).content.decode()
    assert "法定不少于 2 学时" in page
    assert 'value="2"' in page
    low = wizard(manager, "courses", **said, hours=1, version_ids=[course])
    assert low.status_code == 422
    assert "不能少于 2 学时" in low.content.decode()
    page = wizard(manager, "courses", **said, hours=3, version_ids=[course]).content.decode()
    assert "共 1 名学员" in page
    assert "截止日期" in wizard(manager, "who", **said, hours=3, version_ids=[course]).content.decode()
    said |= {"hours": 3, "version_ids": [course]}
    late = wizard(manager, "when", **said, due_on="2020-01-01")
    assert late.status_code == 422
    assert "晚于今天" in late.content.decode()
    page = wizard(manager, "when", **said, due_on=FUTURE.isoformat()).content.decode()
    assert "核对后开启" in page
    assert "机械伤害防护" in page
    done = wizard(manager, "review", "open", **said, due_on=FUTURE.isoformat())
    plan = TrainingPlan.objects.get()
    assert done["Location"] == f"/console/plans/{plan.uuid}"
    assert (plan.title, plan.required_ms, plan.opened_by) == ("岗前培训", 3 * ground.HOUR_MS, "安全员")
    assert "岗前培训" in manager.get(done["Location"]).content.decode()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("law", {}),
        ("law", {"requirement_id": "x"}),
        ("courses", {"requirement_id": "1", "version_ids": ["1; DROP"]}),
        ("who", {"who_kind": "picked"}),
        ("who", {"who_kind": "unit"}),
        ("when", {"due_on": "31.12."}),
        ("review", {"title": "半截"}),
    ],
)
def test_a_step_with_bad_input_says_so_and_opens_nothing(manager, someone, step, said):
    ground.requirement()
    answer = wizard(manager, step, "open" if step == "review" else "next", **said)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not TrainingPlan.objects.exists()


def test_the_running_total_says_what_is_missing(manager, someone):
    law = ground.requirement("INITIAL", hours=2)
    course = ground.make_course("AQ-CY-T7", lessons=(ground.HOUR_MS,))
    page = wizard(manager, "courses", "stay", requirement_id=law, hours=2, version_ids=[course]).content.decode()
    assert "还差 45 分钟" in page
    refused = wizard(manager, "courses", "next", requirement_id=law, hours=3, version_ids=[course]).content.decode()
    assert "还差 2 学时（1 小时 30 分钟）。请继续添加课程，或把差的学时填在“其中线下学时”里" in refused


def test_learners_are_added_and_the_plan_is_closed(manager, someone):
    uuid = ground.open_plan()
    other = ground.learner(2)
    empty = manager.post(f"/console/plans/{uuid}/add", {"go": "add", "who_kind": "picked"})
    assert empty.status_code == 422
    added = manager.post(f"/console/plans/{uuid}/add", {"go": "add", "who_kind": "picked", "learner_ids": [other.id]})
    assert added.status_code == 302
    assert len(plans.assignments_of(other.id)) == 1
    assert manager.get(f"/console/plans/{uuid}/close").status_code == 405
    assert manager.post(f"/console/plans/{uuid}/close").status_code == 302
    assert TrainingPlan.objects.get().state == "CLOSED"


def test_the_learner_s_home_says_what_to_do_next(in_jia, someone):
    client = ground.learner_browser(in_jia, someone)
    assert "还没有分配给您的培训" in client.get("/learn").content.decode()
    uuid = ground.open_plan()
    TrainingPlan.objects.filter(uuid=uuid).update(due_on=FUTURE)
    (view,) = plans.assignments_of(someone.id)
    page = client.get("/learn").content.decode()
    assert "开始学习" in page
    assert f"/learn/{view.uuid}/{view.courseware_ids[0]}" in page
    assert "今天还能计 8 学时" in page
    ground.learn_all(view)
    assert f"/learn/{view.uuid}/exam" in client.get("/learn").content.decode()
    finish(view)
    page = client.get("/learn").content.decode()
    assert "现在没有要学的" in page
    assert "AQPX-330106" in page


def test_a_plan_shorter_than_one_credit_hour_is_told_in_minutes(in_jia, manager, someone):
    course = ground.make_course("AQ-CY-T7", lessons=(60_000, 65_000))
    ground.make_questions("AQ-CY-T7")
    said = {"requirement_id": ground.requirement(), "version_ids": [course]}
    assert "已选 1 门课程，2 分钟" in wizard(manager, "courses", "stay", **said).content.decode()
    uuid = ground.open_plan(**said)
    assert "学完全部课程（2 分钟）" in re.sub(r"<[^>]+>", "", manager.get(f"/console/plans/{uuid}").content.decode())
    page = ground.learner_browser(in_jia, someone).get("/learn").content.decode()
    assert "<b>0 / 2</b><span>分钟</span>" in page
    assert "还差 2 分钟" in page
    assert "0 学时" not in page


def test_the_steps_have_names_short_enough_for_a_phone(manager):
    page = manager.get("/console/plans/new").content.decode()
    names = re.findall(r'ax-step-name">([^<]+)<', page)
    assert names == ["模板", "课程", "人员", "考试", "核对"]


@pytest.mark.req("R4.5")
def test_the_archive_tells_everything_and_prints_the_proof(in_jia, manager, someone):
    client = ground.learner_browser(in_jia, someone)
    assert "档案里还没有记录" in client.get("/learn/archive").content.decode()
    ground.open_plan()
    (view,) = plans.assignments_of(someone.id)
    finish(view)
    page = client.get("/learn/archive").content.decode()
    assert "核验完整" in page
    assert "获得培训证明" in page
    url = next(part for part in page.split('"') if part.endswith(".pdf"))
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert manager.get(url).status_code == 200
    assert someone.masked_id in manager.get(f"/console/people/{someone.uuid}/archive").content.decode()
    stranger = ground.learner_browser(in_jia, ground.learner(2))
    assert stranger.get(url).status_code == 404
    assert ground.browser(in_jia).get(url).status_code == 401


@pytest.mark.req("R5.7")
def test_the_neighbour_s_manager_finds_nothing_of_ours(in_jia, yi, someone):
    uuid = ground.open_plan(title="甲的计划")
    (view,) = plans.assignments_of(someone.id)
    finish(view)
    from apps.records import api as records

    (certificate,) = records.certificates_of(someone.uuid)
    with enterprise_scope(yi):
        neighbour = ground.manager_browser(yi)
    assert "甲的计划" not in neighbour.get("/console/plans").content.decode()
    for path in (
        f"/console/plans/{uuid}",
        f"/console/people/{someone.uuid}/archive",
        f"/learn/certificates/{certificate.uuid}.pdf",
    ):
        assert neighbour.get(path).status_code == 404
    assert neighbour.post(f"/console/plans/{uuid}/close").status_code == 404
