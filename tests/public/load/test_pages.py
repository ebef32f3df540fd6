"""The board, the log with its export, one warning, the design load; and who may."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from infra.kit import clock
from public.audit import api as audit
from public.load.models import DesignLoad, LoadWarning, Meter
from tests.public.desk import desk
from tests.public.load.ground import minutes

pytestmark = pytest.mark.req("R5.3")


@pytest.fixture
def system(platform: None) -> Client:
    return desk("SYSTEM")


def busy() -> LoadWarning:
    minutes(Meter.QUEUE, [1_500, 1_500], at=clock.now() - timedelta(minutes=2))
    return LoadWarning.objects.get()


def test_an_empty_board_says_what_comes(system):
    page = system.get("/desk/load").content.decode()
    assert "还没有预警" in page
    assert "还没有读到" in page
    assert "正在预警" not in page


def test_the_board_shows_what_warns_first_with_its_chart(system):
    busy()
    page = system.get("/desk/load").content.decode()
    assert page.index("正在预警") < page.index("排队任务数")
    assert "1,500 个任务" in page
    assert "设计负荷 2,000 个任务 的 75%" in page
    assert page.count('class="ld-bar is-warn"') == 1
    month = system.get("/desk/load?days=30").content.decode()
    assert month.count("<rect") == 10 * 30
    assert system.get("/desk/load?days=nonsense").status_code == 200


def test_a_meter_that_fell_silent_is_named(system):
    minutes(Meter.QUEUE, [1.0], at=clock.now() - timedelta(minutes=20))
    assert "有指标读不到" in system.get("/desk/load").content.decode()


def test_what_was_done_is_taken_down_on_the_page_of_the_warning(system):
    row = busy()
    url = f"/desk/load/warnings/{row.episode}"
    refused = system.post(url, {"text": "无"})
    assert (refused.status_code, "请写明原因和处置" in refused.content.decode()) == (422, True)
    assert system.post(url, {"text": "月底集中考试，已增加两台"}).status_code == 302
    page = system.get(url).content.decode()
    assert "月底集中考试" in page
    assert "已处置" in page
    assert system.get("/desk/load/warnings/00000000-0000-4000-8000-000000000000").status_code == 404


def test_the_log_is_filtered_paged_and_exported(system):
    row = busy()
    today = clock.shanghai_date(row.at).isoformat()
    assert "1,500" in system.get(f"/desk/load/log?meter=QUEUE&stage=BEGAN&since={today}&until={today}").content.decode()
    assert "没有符合条件的记录" in system.get("/desk/load/log?meter=DISK").content.decode()
    assert "1,500" in system.get("/desk/load/log?meter=none&since=never").content.decode(), "what is no filter is none"
    answer = system.get("/desk/load/log?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    cells = [str(cell) for line in rows for cell in line]
    assert "排队任务数" in cells
    assert "75%" in cells
    assert audit.history("load:log")[0].action == "load.exported"


def test_the_system_s_administrator_changes_the_design_load(system):
    busy()
    url = f"/desk/load/design/{Meter.QUEUE}"
    assert "出厂值" in system.get(url).content.decode()
    for bad in ({"value": "", "reason": "压测报告"}, {"value": "0", "reason": "压测报告"}, {"value": "10", "reason": "无"}):
        assert system.post(url, bad).status_code == 422
    assert not DesignLoad.objects.exists()
    assert system.post(url, {"value": "8000", "reason": "压测报告 2026-11"}).status_code == 302
    page = system.get(url).content.decode()
    assert "8,000 个任务" in page
    assert "压测报告 2026-11" in page
    assert system.get("/desk/load/design/NONE").status_code == 404


def test_who_may(platform):
    business, author = desk("OPERATIONS"), desk("AUTHOR")
    row = busy()
    for path in ("/desk/load", "/desk/load/log", f"/desk/load/warnings/{row.episode}"):
        assert business.get(path).status_code == 200
        assert author.get(path).status_code == 403
        assert Client(HTTP_HOST="anxue.localhost:8000").get(path).status_code == 302
    assert "改设计负荷" not in business.get("/desk/load").content.decode()
    assert business.post(f"/desk/load/design/{Meter.QUEUE}", {"value": "1", "reason": "压测报告"}).status_code == 403
    home = business.get("/desk/").content.decode()
    assert "负荷预警" in home
    assert Client(HTTP_HOST="jia.localhost").get("/desk/load").status_code == 404


def test_in_english(system):
    busy()
    page = system.get("/desk/load", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "System load" in page
    assert "系统负荷" not in page
