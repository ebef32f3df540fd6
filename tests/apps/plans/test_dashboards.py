"""Dashboards: one sentence, units rolled up along the tree, people behind each number, files without formulas, constant queries."""

import io
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from apps.exams.models import Attempt
from apps.learning.models import StudySession
from apps.people import api as people
from apps.people import managing, services
from apps.people.models import Learner, Manager, Qualification
from apps.plans import api as plans
from apps.plans.dashboards import advice, filters, heat, queries
from apps.plans.models import Assignment, TrainingPlan
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

HOUR_MS = 2_700_000


@pytest.fixture
def manager(in_jia):
    return ground.manager_browser(in_jia)


@pytest.fixture
def house(in_jia):
    """Two works with a workshop each, four learners, one plan; 学员丙 has finished."""
    east, west = services.unit_of_path("东厂/一车间"), services.unit_of_path("西厂")
    who = [ground.learner(n, unit_id=unit.pk) for n, unit in ((1, east), (2, east), (3, west))] + [ground.learner(4)]
    plan = ground.open_plan(title="年度再培训")
    finish(who[1])
    return {"east": east.parent, "shop": east, "west": west, "who": who, "plan": TrainingPlan.objects.get(uuid=plan)}


def finish(view):
    (duty,) = plans.assignments_of(view.id)
    ground.learn_all(duty)
    plans.note_exam_passed(assignment_id=duty.id, attempt=uuid4(), score=95, at=ground.NOON)
    plans.review_completion(learner_id=view.id, at=ground.NOON)


def asked(within=None, **get):
    return filters.read({key: str(value) for key, value in get.items()}, within=within, at=clock.now())


def overview(within=None):
    found = asked(within)
    return queries.overview(found, heat.heat(found))


def shown(found):
    return {row.name: (row.total.people, row.total.done) for row in found.rows}


@pytest.mark.req("R2.9")
def test_units_count_everybody_below_them_and_open_level_by_level(house):
    top = heat.heat(asked())
    assert shown(top) == {"东厂": (2, 1), "西厂": (1, 0), "未分部门": (1, 0)}
    assert (top.total.people, top.total.done, [plan.title for plan in top.plans]) == (4, 1, ["年度再培训"])
    assert [row.name for row in top.rows] == ["西厂", "东厂", "未分部门"], "the furthest behind first"
    assert [row.line[0][1].percent for row in top.rows] == [0, 50, 0]
    assert shown(heat.heat(asked(unit=house["east"].pk))) == {"一车间": (2, 1)}
    assert shown(heat.heat(asked(unit=house["shop"].pk))) == {"直属人员": (2, 1)}


def test_archived_people_and_closed_plans_are_not_counted_but_a_chosen_plan_is(house):
    services.archive_learner(learner_uuid=house["who"][2].uuid, at=ground.NOON)
    assert "西厂" not in shown(heat.heat(asked()))
    plans.close_plan(plan_uuid=house["plan"].uuid, at=ground.NOON)
    assert heat.heat(asked()).rows == []
    assert heat.heat(asked(plan=house["plan"].uuid)).total.people == 3


def test_a_supervisor_sees_the_own_subtree_and_who_belongs_to_it_besides(house):
    within = frozenset({house["east"].pk, house["shop"].pk})
    services.update_learner(
        learner_uuid=house["who"][2].uuid, name="学员丁", mobile="", at=ground.NOON, unit_id=house["west"].pk, further_ids=[house["shop"].pk]
    )  # fmt: skip
    found = heat.heat(asked(within))
    assert shown(found) == {"东厂": (2, 1), "其他部门（兼属本部门）": (1, 0)}
    assert overview(within).learners == 3
    with pytest.raises(Exception, match="not_found"):
        asked(within, unit=house["west"].pk)


@pytest.mark.parametrize("get", [{"unit": "x"}, {"plan": "1; DROP"}, {"days": "9999"}, {"days": "-1"}, {"unit": "9" * 40}])
def test_nonsense_in_the_address_counts_as_not_asked(house, get):
    found = asked(**get)
    assert (found.unit_id, found.plan, found.days) == (None, None, filters.USUAL)


def test_nothing_is_said_to_be_met_before_it_is_done(house):
    found = overview()
    assert found.done < found.duties
    assert advice.verdict(found)[0] == "info"
    tone, words = advice.verdict(replace(found, done=found.duties))
    assert (tone, words.startswith("达标")) == ("proven", True)


@pytest.mark.req("R2.9")
def test_the_overview_answers_in_one_sentence(manager, house):
    assert "按期进行：全部在册学员都已纳入计划" in manager.get("/console").content.decode()
    TrainingPlan.objects.update(due_on="2026-01-01")
    assert "不达标：有 3 人逾期未完成培训" in manager.get("/console").content.decode()
    Qualification.objects.create(learner_id=house["who"][0].id, kind="WELDING", expires_on="2026-01-01")
    page = manager.get("/console").content.decode()
    assert "不达标：有 3 人逾期未完成培训，1 个特种作业证已过期" in page
    assert "督促 3 名逾期学员" in page
    assert "安排换证" in page


def test_people_behind_a_number_are_filtered_and_sorted(manager, house):
    url = f"/console/figures/people?unit={house['east'].pk}&plan={house['plan'].uuid}"
    page = manager.get(url).content.decode()
    assert "学员乙" in page
    assert "学员丁" not in page, "of another works"
    assert "学员丙" not in manager.get(f"{url}&state=ASSIGNED").content.decode()
    assert "没有符合条件的学员" in manager.get(f"{url}&state=OVERDUE").content.decode()
    TrainingPlan.objects.update(due_on="2026-01-01")
    late = manager.get("/console/figures/people?state=OVERDUE&sort=progress").content.decode()
    assert "学员丙" not in late, "has finished"
    assert "学员丁" in late
    own = manager.get(f"/console/figures/people?unit={house['east'].pk}&own=1").content.decode()
    assert "学员乙" not in own, "nobody is in the works itself"
    for odd in ("sort=drop", "page=x", "state=NOPE", "q=%25"):
        assert manager.get(f"/console/figures/people?{odd}").status_code == 200
    assert manager.get(f"/console/figures/people?plan={uuid4()}").status_code == 404


def test_who_needs_the_yearly_training_is_named_two_months_before_until_it_is_under_way(manager, house):
    who = house["who"][1]
    TrainingPlan.objects.update(stage="ANNUAL")
    Assignment.objects.filter(learner=who.id).update(completed_at=clock.now() - timedelta(days=300))
    assert overview().refresh == 0
    Assignment.objects.filter(learner=who.id).update(completed_at=clock.now() - timedelta(days=310))
    assert overview().refresh == 1
    assert "学员丙" in manager.get("/console/figures/people?state=REFRESH").content.decode()
    law, course = ground.requirement(code="X"), ground.make_course("AQ-2")
    ground.open_plan(plans.Who("picked", learner_ids=[who.id]), version_ids=[course], requirement_id=law, exam_needed=False)
    assert overview().refresh == 0


def sitting(view, at, ms, score=0):
    common = {
        "person_key": view.person_key, "courseware_id": 1, "version_id": 1, "course_code": "A", "course_title": "课", "version_no": 1,
        "courseware_title": "节", "media": uuid4(), "duration_ms": HOUR_MS, "ip": "10.0.0.1", "nonce": "n", "key": b"", "next_in": 15,
    }  # fmt: skip
    duty = Assignment.objects.get(learner=view.id)
    return StudySession.objects.create(
        learner_id=view.id, assignment_id=duty.pk, terminal=uuid4().hex, opened_at=at, closed_at=at, close_reason="left", last_at=at + timedelta(hours=1),
        playing_ms=ms, credited_ms=ms, confirmed_ms=ms, score=score, **common,
    )  # fmt: skip


@pytest.mark.req("R2.9")
def test_hours_exams_and_alerts_are_added_up_for_the_period_the_unit_and_the_plan(house):
    now = timezone.now()
    one, _two, three, _four = house["who"]
    for view, back, ms, score in (
        (one, 0, HOUR_MS, 0),
        (one, 0, HOUR_MS // 2, 80),
        (three, 2, HOUR_MS, 0),
        (one, 40, HOUR_MS, 0),
    ):
        sitting(view, now - timedelta(days=back), ms, score)
    for view, score in ((one, 100), (three, 55)):
        duty = Assignment.objects.get(learner=view.id)
        Attempt.objects.create(
            assignment=duty, learner_id=view.id, number=1, paper=[], pass_score=80, started_at=now - timedelta(minutes=9),
            due_at=now, submitted_at=now, score=score, passed=score >= 80,
        )  # fmt: skip
    found = queries.figures(asked())
    assert (found.total_ms, len(found.hours), found.hours[-1][1]) == (HOUR_MS * 5 // 2, 30, 1.5)
    assert (found.exams.tries, found.exams.passed, found.pass_percent) == (2, 1, 50)
    assert dict(found.bands)["90–100"] == dict(found.bands)["50–59"] == 1
    assert found.alerts.sessions == 1
    assert queries.figures(asked(days=90)).total_ms == HOUR_MS * 7 // 2
    west = queries.figures(asked(unit=house["west"].pk))
    assert (west.total_ms, west.exams.tries, west.alerts.sessions) == (HOUR_MS, 1, 0)
    other = ground.open_plan(
        title="另一个", version_ids=[ground.make_course("AQ-2")], requirement_id=ground.requirement(code="X"), exam_needed=False
    )
    assert queries.figures(asked(plan=other)).total_ms == 0
    assert queries.figures(asked(plan=house["plan"].uuid)).total_ms == HOUR_MS * 5 // 2


def count(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return sum("tenants_domain" not in query["sql"] for query in seen.captured_queries)


@pytest.mark.req("R2.9")
def test_every_page_costs_the_same_number_of_queries_for_more_people_and_units(manager, house):
    urls = ("/console", "/console/figures", "/console/figures/people", f"/console?unit={house['east'].pk}")
    manager.get("/console/figures")  # past days are added up once in ten minutes
    before = [count(manager, url) for url in urls]
    for n in range(10, 22):
        ground.learner(n, unit_path=f"东厂/第 {n} 车间")
    plans.add_learners(plan_uuid=house["plan"].uuid, who=plans.Who(), at=ground.NOON)
    assert [count(manager, url) for url in urls] == before


@pytest.mark.req("R2.9")
def test_files_hold_what_the_page_shows_and_no_formula(manager, house):
    Learner.objects.filter(pk=house["who"][0].id).update(name='=HYPERLINK("http://evil")')
    TrainingPlan.objects.update(title="＝1+1")
    for url in ("/console/figures/export", "/console/figures/people?export=xlsx"):
        answer = manager.get(url)
        assert answer["Content-Disposition"].startswith("attachment")
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
        assert any(cell.startswith("'") for cell in cells)
        assert not any(cell.startswith(("=", "＝", "+", "@")) for cell in cells)
    for url in ("/console/figures/export?format=pdf", "/console/figures/people?export=pdf"):
        answer = manager.get(url)
        assert answer["Content-Type"] == "application/pdf"
        text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(answer.content)).replace(" ", "")
        assert "杭州甲机械有限公司" in text


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_nothing_of_our_figures(in_jia, yi, house):
    with enterprise_scope(yi):
        neighbour = ground.manager_browser(yi)
    for url in ("/console", "/console/figures", "/console/figures/people"):
        page = neighbour.get(url).content.decode()
        assert "年度再培训" not in page
        assert "学员乙" not in page
    assert neighbour.get(f"/console?plan={house['plan'].uuid}").status_code == 404
    assert neighbour.get(f"/console/figures/people?export=xlsx&plan={house['plan'].uuid}").status_code == 404


@pytest.mark.req("R5.7")
def test_a_supervisor_s_pages_and_files_leave_other_units_out(in_jia, house):
    owner = people.open_owner(name="安全员", mobile="13900000001", password=None, at=ground.NOON)
    by = Manager.objects.get(credential=owner).pk
    row = managing.invite(name="主管", mobile="13900000002", role="UNIT", unit_id=house["east"].pk, by=by, at=ground.NOON)
    browser = ground.browser(in_jia, row.credential)
    assert browser.get("/console").context["o"].learners == 2
    assert browser.get(f"/console?unit={house['west'].pk}").status_code == 404
    other = ground.open_plan(plans.Who("picked", learner_ids=[house["who"][2].id]), version_ids=[ground.make_course("AQ-2")], requirement_id=ground.requirement(code="X"), exam_needed=False)  # fmt: skip
    assert browser.get(f"/console?plan={other}").status_code == 404, "nobody of theirs is in it"
    assert browser.get(f"/console/figures/export?unit={house['west'].pk}").status_code == 404
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/console/figures/people?export=xlsx").content))
    assert {row[1] for row in book.get_sheet_by_index(0).to_python()[1:]} == {"一车间"}
