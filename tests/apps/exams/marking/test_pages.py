"""The pages: marking without names, answering appeals, deciding corrections, a question marked anew, statistics; each for whom it is."""

import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.exams.marking import correcting
from apps.exams.marking.models import MarkingRule, MarkTask, ScoreAppeal, ScoreEntry, ScoreProposal
from apps.exams.models import Attempt
from apps.exams.statistics import counting
from apps.people import managing
from apps.people import services as people_services
from apps.people.models import Learner, Manager
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.exams.marking.ground import LATER, REASON, choice, everyone, managers, question, sit, text
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

PAPER = [choice(1, no=1, score=4), choice(2, no=2, score=8), text(9, no=3, score=8)]
ONE = [choice(1, no=1, score=4), choice(2, no=2, score=4), choice(3, no=3, score=2)]
MARK = f"/console/exams/marking/own/{question(9)}/1/0"


@pytest.fixture
def two(in_jia):
    return managers()


@pytest.fixture
def owner(in_jia, two):
    return ground.browser(in_jia, Manager.objects.get(role="OWNER").credential)


@pytest.fixture
def other(in_jia, two):
    return ground.browser(in_jia, Manager.objects.get(role="TRAINING").credential)


@pytest.fixture
def views(two):
    return everyone(2)


@pytest.fixture(autouse=True)
def an_hour_later():
    """Let the pages stand an hour after the exam."""
    with time_machine.travel(NOON.replace(hour=6), tick=False):
        yield


@pytest.mark.req("R2.8")
def test_a_marker_takes_answers_without_names_and_marks_them(owner, views):
    for view in views:
        sit(view, PAPER, {1: "对的", 2: "对的", 3: "先断电，再打电话。"})
    page = owner.get("/console/exams/marking").content.decode()
    assert "简述触电后的现场急救。" in page
    assert "取 5 份开始判" in owner.get(MARK).content.decode()
    assert owner.post(MARK, {"take": "1"}).status_code == 302
    page = owner.get(MARK).content.decode()
    assert page.count("先断电，再打电话。") == 2
    assert "学员乙" not in page
    assert "学员乙" in owner.get(MARK, {"names": "1"}).content.decode()
    with platform_scope():
        assert AuditEvent.objects.filter(action="exams.names_shown").count() == 1
    one, two = MarkTask.objects.order_by("pk")
    typed = {"task": [str(one.uuid), str(two.uuid)], f"points-{one.uuid}": "3", f"reason-{one.uuid}": ""}
    refused = owner.post(MARK, typed)
    assert refused.status_code == 422
    assert "请写明扣分理由" in refused.content.decode()
    assert 'value="3"' in refused.content.decode(), "what was typed is kept"
    assert not MarkTask.objects.exclude(points=None).exists()
    good = {**typed, f"reason-{one.uuid}": "漏了心肺复苏。", f"points-{two.uuid}": "8"}
    assert owner.post(MARK, good).status_code == 302
    assert sorted(Attempt.objects.values_list("score", flat=True)) == [75, 100]
    assert "这道题判完了" in owner.get(MARK).content.decode()


@pytest.mark.req("R2.8")
def test_where_the_score_alone_is_shown_the_learner_still_reads_what_the_teacher_wrote(in_jia, owner, views):
    row = sit(views[0], PAPER, {1: "对的", 2: "错的一", 3: "先打电话。"})
    Attempt.objects.filter(pk=row.pk).update(policy={"reveal": "score"})
    owner.post(MARK, {"take": "1"})
    task = MarkTask.objects.get()
    owner.post(MARK, {"task": str(task.uuid), f"points-{task.uuid}": "2", f"reason-{task.uuid}": "没有写断电这一步。"})
    learner = ground.learner_browser(in_jia, Learner.objects.get(pk=views[0].learner_id))
    page = learner.get(f"/learn/exams/{row.uuid}/appeals").content.decode()
    for words in ("教师评语", "没有写断电这一步。", "2 / 8"):
        assert words in page
    for secret in ("先断电，再救人。", "第 2 题怎样做才安全？", "《安全生产法》第四十三条"):
        assert secret not in page
    stranger = ground.learner_browser(in_jia, Learner.objects.get(pk=views[1].learner_id))
    assert stranger.get(f"/learn/exams/{row.uuid}/appeals").status_code == 404


@pytest.mark.req("R2.8")
def test_a_learner_appeals_a_manager_grants_a_second_one_approves_and_the_learner_reads_it_all(in_jia, owner, other, views):
    row = sit(views[0], ONE, {1: "对的", 2: "错的一", 3: "错的一"})
    learner = ground.learner_browser(in_jia, Learner.objects.get(pk=views[0].learner_id))
    mine = f"/learn/exams/{row.uuid}/appeals"
    assert mine in learner.get(f"/learn/exams/{row.uuid}").content.decode()
    assert learner.post(mine, {"no": "2", "words": "错"}).status_code == 422
    assert not ScoreAppeal.objects.exists()
    assert learner.post(mine, {"no": "2", "words": "新条例第四十三条已改。"}).status_code == 302
    appeal = ScoreAppeal.objects.get()
    assert "新条例第四十三条已改。" in owner.get(f"/console/exams/appeals/{appeal.uuid}").content.decode()
    url = f"/console/exams/appeals/{appeal.uuid}"
    assert owner.post(url, {"decision": "grant", "reason": REASON, "points-2": "9"}).status_code == 422
    assert owner.post(url, {"decision": "grant", "reason": REASON, "points-2": "4"}).status_code == 302
    made = ScoreProposal.objects.get()
    decide = f"/console/exams/corrections/{made.uuid}/decide"
    owner.post(decide, {"answer": "yes"})
    assert not ScoreEntry.objects.exists()
    assert "改分正等另一位管理人员复核。" in learner.get(mine).content.decode()
    assert "从不及格变为及格" in other.get(f"/console/exams/corrections/{made.uuid}").content.decode()
    other.post(decide, {"answer": "yes"})
    assert ScoreEntry.objects.get().score == 80
    page = learner.get(mine).content.decode()
    for words in ("80 分（及格线 80 分）", "40 分改为 80 分", "新条例第四十三条已改。", REASON):
        assert words in page
    assert "通过了" in learner.get(f"/learn/exams/{row.uuid}").content.decode()


def test_points_are_proposed_from_the_paper_and_taken_back(owner, views):
    row = sit(views[0], ONE, {1: "对的"})
    url = f"/console/exams/results/{row.uuid}"
    form = {"reason": REASON, "points-1": "4", "points-2": "4", "points-3": "0"}
    answer = owner.post(url, form)
    made = ScoreProposal.objects.get()
    assert answer["Location"] == f"/console/exams/corrections/{made.uuid}"
    assert made.changes.get().points == {"2": [0, 4]}
    owner.post(f"/console/exams/corrections/{made.uuid}/withdraw")
    assert ScoreProposal.objects.get().state == "WITHDRAWN"


@pytest.mark.req("R2.8")
def test_a_wrong_question_is_marked_anew_after_a_look_at_the_effect(owner, other, views):
    for view in views:
        sit(view, ONE, {1: "对的", 2: "错的一", 3: "对的"})
    counting.count(at=NOON)
    url = f"/console/exams/regrade/own/{question(2)}/1/0"
    form = {"mode": "ALSO", "answer": "错的一", "reason": REASON, "only_up": "on"}
    page = owner.post(url, {**form, "look": "1"})
    assert "2 份试卷的得分会变" in page.content.decode()
    assert not ScoreProposal.objects.exists()
    answer = owner.post(url, {**form, "propose": "1"})
    made = ScoreProposal.objects.get()
    assert answer["Location"] == f"/console/exams/corrections/{made.uuid}"
    other.post(f"/console/exams/corrections/{made.uuid}/decide", {"answer": "yes"})
    assert list(ScoreEntry.objects.values_list("score", flat=True)) == [100, 100]


def test_an_option_of_two_lines_is_known_as_browsers_send_it(owner, views):
    asked = choice(2, no=1)
    asked["options"] = [{**option, "text": f"先断电，\n{option['text']}"} for option in asked["options"]]
    for view in views:
        sit(view, [asked], {1: "先断电，\n错的一"})
    counting.count(at=NOON)
    form = {"mode": "KEY", "answer": "先断电，\r\n错的一", "reason": REASON, "look": "1"}
    page = owner.post(f"/console/exams/regrade/own/{question(2)}/1/0", form)
    assert "2 份试卷的得分会变" in page.content.decode()


def test_periods_are_set_on_their_page(owner):
    url = "/console/exams/marking/rules"
    good = {"appeal_days": "7", "decide_days": "3", "mark_days": "2", "valid_from": "2026-12-01"}
    assert owner.post(url, {**good, "appeal_days": "0"}).status_code == 422
    assert not MarkingRule.objects.exists()
    assert owner.post(url, good).status_code == 302
    assert "2026-12-01" in owner.get(url).content.decode()


def test_statistics_show_and_export_without_formulas(owner, views):
    Learner.objects.filter(pk=views[0].learner_id).update(name="=学员甲")
    stem = {**choice(4, no=1), "stem": "=危险的题目"}
    for view in views:
        sit(view, [stem], {1: "错的一"})
    counting.count(at=NOON)
    plan = views[0].plan_uuid
    base = "/console/exams/statistics"
    for path in (base, f"{base}/plans/{plan}", f"{base}/questions", f"{base}/questions/own/{question(4)}/1/0", f"{base}/pairs"):
        answer = owner.get(path)
        assert answer.status_code == 200, path
    assert "样本不足" in owner.get(f"{base}/plans/{plan}").content.decode()
    for path in (f"{base}/plans/{plan}", f"{base}/questions", f"{base}/questions/own/{question(4)}/1/0", f"{base}/pairs"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(owner.get(path, {"export": "xlsx"}).content))
        cells = [cell for name in book.sheet_names for line in book.get_sheet_by_name(name).to_python() for cell in line]
        assert not any(str(cell).startswith("=") for cell in cells), path
    assert owner.post(f"{base}/plans/{plan}/count").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["marking", "appeals?state=ALL", "corrections", "statistics", "statistics/questions", "statistics/pairs"],
)
def test_lists_take_a_constant_number_of_queries(owner, views, path):
    def count():
        with CaptureQueriesContext(connection) as seen:
            assert owner.get(f"/console/exams/{path}").status_code == 200
        return len(seen)

    grow(views[0], owner, n=20)
    count()
    before = count()
    grow(views[1], owner, n=30)
    counting.count(at=NOON)
    count()
    assert count() == before


def grow(view, owner, n):
    row = sit(view, [choice(n, no=1), choice(n + 1, no=2), text(n + 2, no=3)], {1: "对的", 3: "先断电。"})
    sit_done = sit_again(row)
    ScoreAppeal.objects.create(attempt=sit_done, learner_id=view.learner_id, words="有疑问。", at=NOON, due_at=NOON)
    owner.post(f"/console/exams/results/{sit_done.uuid}", {"reason": REASON, "points-2": "4"})
    counting.count(at=NOON)


def sit_again(row):
    """Give a try a result without a marker."""
    Attempt.objects.filter(pk=row.pk).update(score=40, passed=False, points={"1": 4, "2": 0, "3": 0})
    return Attempt.objects.get(pk=row.pk)


def test_a_supervisor_sees_the_own_units_only_and_changes_nothing(in_jia, two, views):
    unit = people_services.unit_of_path("生产部/一车间")
    Learner.objects.filter(pk=views[0].learner_id).update(unit=unit, name="学员里")
    Learner.objects.filter(pk=views[1].learner_id).update(name="学员外")
    rows = [sit(view, ONE, {1: "对的"}) for view in views]
    for row in rows:
        ScoreAppeal.objects.create(attempt=row, learner_id=row.learner_id, words="有疑问。", at=NOON, due_at=NOON)
    me = managing.invite(name="主管", mobile="13900000009", role="UNIT", unit_id=unit.pk, by=two[0].id, at=NOON)
    client = ground.browser(in_jia, me.credential)
    page = client.get("/console/exams/appeals").content.decode()
    assert "学员里" in page
    assert "学员外" not in page
    assert client.get(f"/console/exams/results/{rows[1].uuid}").status_code == 404
    seen = client.get(f"/console/exams/results/{rows[0].uuid}")
    assert seen.status_code == 200
    assert "正确答案" not in seen.content.decode(), "who only looks on sees no key, as in the bank"
    assert client.post(f"/console/exams/results/{rows[0].uuid}", {"reason": REASON, "points-2": "4"}).status_code == 403
    assert not ScoreProposal.objects.exists()


@pytest.mark.req("R5.7")
def test_another_learner_and_the_neighbour_see_nothing(in_jia, yi, owner, views):
    row = sit(views[0], ONE, {1: "对的"})
    counting.count(at=NOON)
    other = ground.learner_browser(in_jia, Learner.objects.get(pk=views[1].learner_id))
    assert other.get(f"/learn/exams/{row.uuid}/appeals").status_code == 404
    with enterprise_scope(yi):
        neighbour = ground.manager_browser(yi)
    for path in (
        f"results/{row.uuid}",
        f"statistics/plans/{views[0].plan_uuid}",
        f"statistics/questions/own/{question(1)}/1/0",
        f"regrade/own/{question(1)}/1/0",
    ):
        assert neighbour.get(f"/console/exams/{path}").status_code == 404, path
    for path in ("marking", "appeals", "corrections", "statistics", "statistics/questions", "statistics/pairs"):
        assert "新员工专项培训" not in neighbour.get(f"/console/exams/{path}").content.decode()


def test_a_corrected_result_is_the_one_that_every_page_and_the_file_show(in_jia, two, owner):
    (view,) = everyone(1)
    row = sit(view, ONE, {1: "对的", 2: "错的一", 3: "错的一"})
    me, second = two
    made = correcting.propose(attempt=row.uuid, points={2: 4}, reason=REASON, by=me, own=None, at=LATER)
    correcting.decide(proposal=made.uuid, approve=True, by=second, own=None, at=LATER)
    shown = owner.get(f"/console/attempts/{row.uuid}")
    assert (shown.context["row"].result_score, shown.context["row"].result_passed) == (80, True)
    assert "未通过" not in shown.content.decode()
    answer = owner.get(f"/console/plans/{view.plan_uuid}/attempts", {"export": "xlsx"})
    heads, line = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert dict(zip(heads, line, strict=True))["成绩"] == 80
    page = ground.learner_browser(in_jia, Learner.objects.get(pk=view.learner_id)).get(f"/learn/exams/{row.uuid}")
    assert [one.no for one in page.context["wrong"]] == [3]
