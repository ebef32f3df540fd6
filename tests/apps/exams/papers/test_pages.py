"""Pages of papers: the list, the editor in both modes, a sample, the printed paper; who gets in."""

import re
from uuid import uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.exams.papers import services
from apps.exams.papers.forms import name_of
from apps.exams.papers.models import PaperRevision
from apps.exams.papers.shapes import Row
from tests.apps.exams.papers import ground
from tests.apps.plans import ground as plan_ground
from tests.apps.plans.ground import NOON

PAPERS = "/console/exams/papers"
NUMBERS = {"minutes": "45", "pass_score": "80", "tries": "3"}


@pytest.fixture
def manager(in_jia):
    ground.fill(12)
    ground.fill(4, "judge", topic="消防")
    return plan_ground.manager_browser(in_jia)


def page(client, url, status=200, **posted):
    answer = client.post(url, posted) if posted else client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def rows(*lines):
    names = ("row_kind", "row_labels", "row_low", "row_high", "row_bank", "row_count", "row_score")
    return {name: [line[at] for line in lines] for at, name in enumerate(names)}


def test_a_manager_writes_a_drawn_paper_and_sees_what_each_row_can_draw(manager):
    assert "做第一份试卷" in page(manager, PAPERS)
    new = f"{PAPERS}/new"
    assert "添加一行" in page(manager, f"{new}?mode=DRAWN")
    lines = [("single", ground.TOPIC, "1", "5", "", "5", "4"), ("judge", "消防、作业审批", "1", "5", "shared", "9", "2")]
    said = {"mode": "DRAWN", "title": "月度考试", **NUMBERS, **rows(*lines)}
    seen = page(manager, new, **said, go="stay")
    assert re.findall(r'id="have-\d"[^>]*>(\d+) 题', seen) == ["12", "4"]
    assert "第 2 行（判断题 · 消防、作业审批）要抽 9 题，题库里符合条件的只有 4 题" in seen
    assert "共 14 题，满分 38 分" in seen
    assert page(manager, new, **said, go="row").count('name="row_count"') == 3
    assert page(manager, new, **said, go="drop:0").count('name="row_count"') == 1
    assert not PaperRevision.objects.exists()
    assert "请填写 5 到 240 之间的整数" in page(manager, new, 422, **{**said, "minutes": "x"}, go="save")
    page(manager, new, 302, **said, go="save")
    row = PaperRevision.objects.get()
    assert (row.title, row.questions, row.points, row.saved_by) == ("月度考试", 14, 38, "安全员")
    assert row.content[1] | {"count": 9} == {
        "count": 9, "score": 2, "bank": "shared", "topics": ["消防"], "points": ["作业审批"], "kind": "judge", "low": 1, "high": 5,
    }  # fmt: skip
    shown = page(manager, f"{PAPERS}/{row.paper.uuid}")
    assert "现在还不能用它考试" in shown
    assert "月度考试" in page(manager, PAPERS)
    assert "没有符合条件的试卷" in page(manager, f"{PAPERS}?q=没有的")


def test_a_manager_puts_a_fixed_paper_together(manager):
    new, (one, two, three) = f"{PAPERS}/new", map(name_of, ground.refs(3, "single"))
    said = {"mode": "FIXED", "title": "固定卷", **NUMBERS}
    found = page(manager, new, **said, find_q="消防", go="stay")
    assert found.count('name="pick"') == 4
    seen = page(manager, new, **said, pick=[one, two], go="add:picked")
    assert re.findall(r'name="item" value="([^"]+)"', seen) == [one, two]
    said |= {"item": [one, two, three], "score": ["2", "3", "4"]}
    assert re.findall(r'name="item" value="([^"]+)"', page(manager, new, **said, go="down:0")) == [two, one, three]
    assert re.findall(r'name="item" value="([^"]+)"', page(manager, new, **said, go="out:1")) == [one, three]
    assert "共 3 题，满分 15 分" in page(manager, new, **said, score_kind="single", score_all="5", go="scores")
    page(manager, new, 302, **said, go="save")
    row = PaperRevision.objects.get()
    assert (row.mode, row.questions, row.points, row.is_shuffled) == ("FIXED", 3, 9, False)
    stale = page(manager, f"{PAPERS}/{row.paper.uuid}/edit", 422, **said, seen="x", go="save")
    assert "刚刚被安全员修改过" in stale


@pytest.mark.parametrize(
    "bad", ["add:shared:x:1", "up:99", "drop:x", "add:own:00000000-0000-0000-0000-000000000000:1", "nonsense", "down:-1"]
)
def test_odd_buttons_change_nothing(manager, bad):
    for mode in ("DRAWN", "FIXED"):
        page(manager, f"{PAPERS}/new", mode=mode, title="卷", go=bad, item=["x", "shared:y:z"], score=["a", "1"])
    assert not PaperRevision.objects.exists()


def test_a_sample_and_its_print_belong_together(manager):
    row = ground.write(ground.drawn(Row(count=5, score=2, kind="single"), Row(count=2, score=5, kind="judge")))
    url = f"{PAPERS}/{row.paper.uuid}"
    plain, answers = page(manager, f"{url}/preview?no=77"), page(manager, f"{url}/preview?no=77&answers=1")
    assert "一、单选题（共 5 题，10 分）" in plain
    assert "答案" in answers
    assert 'class="pa-key"' not in plain
    first = manager.get(f"{url}/paper.pdf?no=77")
    assert first["Content-Type"] == "application/pdf"
    assert text_of(first.content).count("办作业票") == 5
    assert "卷号 77" in text_of(first.content)
    assert "答案" not in text_of(first.content)
    assert text_of(manager.get(f"{url}/paper.pdf?no=77&answers=1").content).count("答案：") == 7


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(one.get_textpage().get_text_bounded() for one in document)


def test_a_paper_is_copied_and_retired(manager):
    row = ground.write(ground.drawn())
    page(manager, f"{PAPERS}/{row.paper.uuid}/copy", 302, x="1")
    page(manager, f"{PAPERS}/{row.paper.uuid}/retire", 302, x="1")
    shown = page(manager, PAPERS)
    assert "有限空间考试（副本）" in shown
    assert shown.count("<tr>") == 2
    assert "有限空间考试" in page(manager, f"{PAPERS}?state=RETIRED")
    page(manager, f"{PAPERS}/{row.paper.uuid}/retire", 302, do="restore")
    assert page(manager, PAPERS).count("<tr>") == 3


def test_the_list_costs_the_same_however_long_it_is(manager):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            page(manager, PAPERS)
        return sum("tenants_domain" not in query["sql"] for query in seen.captured_queries)

    ground.write(ground.drawn())
    few = cost()
    for n in range(20):
        ground.write(ground.drawn(title=f"卷{n}"))
    assert cost() == few


def test_the_neighbour_sees_no_paper(manager, yi):
    row = ground.write(ground.drawn())
    stranger = plan_ground.manager_browser(yi)
    assert "还没有试卷" in page(stranger, PAPERS)
    for path in ("", "/edit", "/preview", "/paper.pdf"):
        assert stranger.get(f"{PAPERS}/{row.paper.uuid}{path}").status_code == 404
    for path in ("/copy", "/retire"):
        assert stranger.post(f"{PAPERS}/{row.paper.uuid}{path}").status_code == 404
    assert manager.get(f"{PAPERS}/{uuid4()}").status_code == 404
    row.refresh_from_db()
    assert row.paper.retired_at is None


def test_a_paper_with_newer_questions_says_so_and_takes_them(manager):
    (ref,) = ground.refs(1)
    row = ground.write(ground.fixed(ref))
    url = f"{PAPERS}/{row.paper.uuid}/edit"
    gone = name_of(ref._replace(question=uuid4()))
    seen = page(manager, url, mode="FIXED", title="卷", item=[name_of(ref), gone], score=["2", "2"], go="stay")
    assert "有 1 道题已停用" in seen
    fresh = page(manager, url, mode="FIXED", title="卷", item=[name_of(ref), gone], score=["2", "2"], go="newest")
    assert re.findall(r'name="item" value="([^"]+)"', fresh) == [name_of(ref)]
    services.take(revision=row.uuid, at=NOON)
    assert "保存后成为新的一版" in page(manager, url)
