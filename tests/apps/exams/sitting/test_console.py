"""The manager's pages: every try of a plan, each step of one, a file of all; supervisors see their own units, neighbours nothing."""

import io
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.exams import api as exams
from apps.exams.models import Attempt
from apps.exams.sitting import board, services
from apps.people import services as people_services
from apps.people.models import Learner
from apps.plans import api as plans
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.exams.sitting.ground import DESKTOP, MINUTE, PHONE, answer_all, open_page, policy, put, start, submit
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON


@pytest.fixture
def tries(in_jia):
    """Three learners: one passed, one failed after leaving twice on two devices, one is sitting."""
    unit = people_services.unit_of_path("生产部/一车间")
    ground.learner(1, "学员甲", unit_id=unit.pk)
    rude = ground.learner(2, "学员乙")
    Learner.objects.filter(pk=rude.id).update(name="=学员乙")  # as somebody may have been written before names were checked
    ground.learner(3, "学员丙")
    ground.open_plan(exam_tries=3)
    views = [plans.assignments_of(row.pk)[0] for row in Learner.objects.order_by("pk")]
    for view in views:
        ground.learn_all(view)
    policy(views[0], leave_limit=1)
    good, bad, _open = (start(view) for view in views)
    answer_all(good, views[0])
    submit(good, views[0])
    open_page(bad, views[1])
    open_page(bad, views[1], terminal=PHONE)
    put(bad, 1, ["A"], learner_id=views[1].learner_id, terminal=PHONE)
    for seq in (50, 51):
        exams.note_leaving(
            attempt_uuid=bad.uuid, learner_id=views[1].learner_id, is_back=False, seq=seq, terminal=PHONE, at=NOON + MINUTE
        )
    submit(bad, views[1])
    return views, good, bad


def test_a_manager_sees_the_tries_and_finds_the_doubtful_one(in_jia, tries):
    (first, *_more), *_tries = tries
    client = ground.manager_browser(in_jia)
    url = f"/console/plans/{first.plan_uuid}/attempts"
    page = client.get(url).content.decode()
    for words in ("学员甲", "=学员乙", "学员丙", "考试中", "需关注", "换过设备"):
        assert words in page
    found = client.get(url, {"state": "DOUBT"}).content.decode()
    assert "=学员乙" in found
    assert "学员丙" not in found
    assert "没有符合条件的考试" in client.get(url, {"q": "没有这个人"}).content.decode()
    for state, names in (("PASSED", ["学员甲"]), ("FAILED", ["=学员乙"]), ("OPEN", ["学员丙"]), ("MARKING", [])):
        lines = client.get(url, {"state": state, "sort": "name"}).context["lines"]
        assert [who.name for _row, who, *_rest in lines] == names


@pytest.mark.req("R2.8")
def test_a_try_is_shown_step_by_step_without_its_key(in_jia, tries):
    _views, _good, bad = tries
    page = ground.manager_browser(in_jia).get(f"/console/attempts/{bad.uuid}").content.decode()
    for words in ("更换终端", "设备 2", "第 1 题：A", "离开考试页面", "累计 2 次", "本人交卷", "答了 1 / 5 题", "0 分"):
        assert words in page
    assert "要先断电再作业" not in page


def test_the_file_has_every_try_and_no_formula(in_jia, tries):
    (first, *_more), *_tries = tries
    answer = ground.manager_browser(in_jia).get(f"/console/plans/{first.plan_uuid}/attempts", {"export": "xlsx", "sort": "name"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["'=学员乙", "学员丙", "学员甲"]
    assert dict(zip(rows[0], rows[1], strict=True)) | {"离开次数": 2, "打开次数": 2, "更换终端": "是", "需关注": "是"} == dict(
        zip(rows[0], rows[1], strict=True)
    )
    assert "*" in rows[1][1]


def test_a_supervisor_sees_the_own_units_alone(tries):
    (first, *_more), good, bad = tries
    other = frozenset({people_services.unit_of_path("仓储部").pk})
    own = frozenset({Learner.objects.get(pk=first.learner_id).unit_id})
    assert [row.uuid for row in board.attempts(first.plan_id, within=own)] == [good.uuid]
    assert not board.attempts(first.plan_id, within=other)
    assert board.one(good.uuid, within=own).uuid == good.uuid
    for uuid, within in ((bad.uuid, own), (good.uuid, other)):
        with pytest.raises(DomainError):
            board.one(uuid, within=within)


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_nothing(in_jia, tries, yi):
    (first, *_more), good, _bad = tries
    theirs = ground.manager_browser(yi)
    assert theirs.get(f"/console/plans/{first.plan_uuid}/attempts").status_code == 404
    assert theirs.get(f"/console/attempts/{good.uuid}").status_code == 404
    with enterprise_scope(yi):
        assert not Attempt.objects.exists()


def test_an_exam_nobody_sat_says_what_comes_next(in_jia):
    ground.learner(1)
    plan = ground.open_plan()
    client = ground.manager_browser(in_jia)
    assert "还没有人考试" in client.get(f"/console/plans/{plan}/attempts").content.decode()
    assert client.get(f"/console/plans/{uuid4()}/attempts").status_code == 404


def test_the_list_costs_the_same_however_long(in_jia, tries):
    (first, *_more), *_tries = tries
    client = ground.manager_browser(in_jia)

    def cost():
        with platform_scope(), CaptureQueriesContext(connection) as seen:
            client.get(f"/console/plans/{first.plan_uuid}/attempts")
        return len(seen)

    cost()
    before = cost()
    for n in range(10, 16):
        view = ground.learner(n)
        plans.add_learners(plan_uuid=first.plan_uuid, who=plans.Who("picked", learner_ids=[view.id]), by="安全员", at=NOON)
        (duty,) = plans.assignments_of(view.id)
        ground.learn_all(duty)
        services.start(assignment_uuid=duty.uuid, learner_id=view.id, at=NOON, terminal=DESKTOP)
    assert cost() == before
