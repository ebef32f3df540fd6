"""Weak points: people counted by unit and plan, too few hidden, nobody named; courses that help go into a new plan."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.exams import api as exams
from apps.exams.mistakes.weak import helping, queries
from apps.people import services as people_services
from apps.plans import api as plans
from tenants.scope import enterprise_scope
from tests.apps.exams.mistakes.items import fail, item, right
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

pytestmark = pytest.mark.req("R2.9")


@pytest.fixture(autouse=True)
def noon():
    """Pages read the clock; here it is past noon."""
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def shop(in_jia):
    """Two units: four of 一车间 of whom three answer 用电 wrongly, two of 仓储部 who both do; one answers rightly."""
    one, two = people_services.unit_of_path("一车间"), people_services.unit_of_path("仓储部")
    for n in range(6):
        who = ground.learner(n, unit_id=(one if n < 4 else two).pk)
        answers = item("single", key=1, no=1, topic="题目-AQ-CY-W1")
        if n == 0:
            exams.collect(learner_id=who.id, source="exam", ref=who.uuid, answers=[right(answers)], at=NOON)
        else:
            fail(who.id, answers, item("judge", key=2, points=[f"冷门{n}"]))
    return one, two


def asked(within=None, **get):
    return plans.read_filters({"days": "90", **get}, within=within, at=NOON)


def test_counts_people_by_unit_and_hides_what_too_few_stand_behind(shop):
    board = queries.board(asked())
    (point,) = board.points
    assert (point.name, point.total.wrong, point.total.asked, point.total.percent, point.is_weak) == ("用电", 5, 6, 83, True)
    assert [name for _key, name in board.units] == ["一车间", "仓储部"]
    assert [(cell.asked, cell.wrong, cell.is_shown) for cell in point.line] == [(4, 3, True), (2, 2, False)]
    assert board.hidden == 5


def test_a_supervisor_counts_the_own_people_alone(shop):
    board = queries.board(asked(within=frozenset({shop[0].pk})))
    assert [(one.name, one.total.asked) for one in board.points] == [("用电", 4)]
    assert queries.board(asked(within=frozenset({shop[1].pk}))).points == []


def test_practice_and_what_is_older_do_not_count(shop, in_jia):
    who = ground.learner(7)
    exams.collect(
        learner_id=who.id, source="practice", ref=who.uuid, answers=[exams.Answered(item(key=1), [], right=False)], at=NOON
    )
    fail(ground.learner(8).id, item(key=1), at=NOON - timedelta(days=91))
    assert queries.board(asked()).points[0].total.asked == 6


def test_one_plan_may_be_asked_about(shop, in_jia):
    plan = ground.open_plan()
    for n in range(10, 13):
        who = ground.learner(n)
        plans.add_learners(plan_uuid=plan, who=plans.Who("picked", learner_ids=[who.id]), at=NOON)
        (duty,) = plans.assignments_of(who.id)
        fail(who.id, item(key=1), assignment_id=duty.id)
    assert queries.board(asked(plan=str(plan))).points[0].total.asked == 3
    assert queries.board(asked()).points[0].total.asked == 9


def test_the_page_shows_the_figures_without_names_and_gives_them_as_a_file(shop, in_jia):
    page = ground.manager_browser(in_jia)
    words = page.get("/console/weak-points").content.decode()
    assert "5 / 6 人答错过" in words
    assert "83%" in words
    assert "学员甲" not in words
    sheet = page.get("/console/weak-points", {"export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["用电", 6, 5, "83%"]
    assert rows[1][4:] == ["75%", "少于 3 人"]
    assert "没有可看的数据" in page.get("/console/weak-points", {"q": "火星"}).content.decode()


def test_the_page_costs_as_many_queries_for_one_point_as_for_many(shop, in_jia):
    page = ground.manager_browser(in_jia)
    page.get("/console/weak-points")
    three, counts = [ground.learner(who).id for who in range(20, 23)], []
    for n in (1, 15):
        for who in range(3):
            fail(three[who], *(item("judge", points=[f"多点{n}-{i}"]) for i in range(n)))
        with CaptureQueriesContext(connection) as seen:
            assert page.get("/console/weak-points").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_point_shows_its_hard_questions_and_courses_that_lead_into_a_new_plan(shop, in_jia):
    about = ground.make_course("AQ-CY-W1", title="用电安全基础")
    ground.make_course("AQ-CY-W2", title="消防演练")
    (first, *_others) = helping.courses("用电", ["题目-AQ-CY-W1"])
    assert (first.hit.version_id, first.because, first.is_proposed) == (about, "题目-AQ-CY-W1", True)
    page = ground.manager_browser(in_jia)
    words = page.get("/console/weak-points/point", {"point": "用电"}).content.decode()
    assert "断电后还要先做什么" in words
    assert "用电安全基础" in words
    plan = page.get("/console/plans/new", {"version_ids": [about], "title": "用电强化培训", "unit": shop[0].pk}).content.decode()
    assert f'name="version_ids" value="{about}"' in plan
    assert "用电强化培训" in plan
    assert page.get("/console/weak-points/point", {"point": "冷门1"}).status_code == 404


def test_nonsense_in_the_address_of_a_new_plan_is_left_out(in_jia):
    page = ground.manager_browser(in_jia)
    answer = page.get("/console/plans/new", {"version_ids": ["x", "9" * 30, "-1"], "unit": "٣", "title": " "})
    assert answer.status_code == 200
    assert 'name="version_ids"' not in answer.content.decode()


@pytest.mark.req("S2")
def test_the_neighbour_sees_nothing(shop, in_jia, yi):
    with enterprise_scope(yi):
        assert queries.board(asked()).points == []
    page = ground.manager_browser(yi)
    assert "这段时间还没有考试和测验" in page.get("/console/weak-points").content.decode()
    assert page.get("/console/weak-points/point", {"point": "用电"}).status_code == 404
