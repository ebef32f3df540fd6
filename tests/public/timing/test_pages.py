"""The board with its filters and exports, the rates of samples; and who may."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from infra.kit import clock
from public.audit import api as audit
from public.timing import queries
from public.timing.models import Device, Kind, SampleRate, Site
from tests.public.desk import desk
from tests.public.load.ground import minutes
from tests.public.timing.ground import views, waits

pytestmark = pytest.mark.req("R6.1.4")


@pytest.fixture
def system(platform: None) -> Client:
    return desk("SYSTEM")


@pytest.fixture
def told(system: Client) -> Client:
    """Two days: managers who wait 1 s, learners on phones who wait 2 s (one of ten measured), a slow page of the desk."""
    at = clock.now()
    waits("console-people", [1_000] * 20, at=at - timedelta(days=1))
    waits("console", [800] * 10, at=at - timedelta(hours=3))
    waits("learn-home", [2_000] * 2, at=at - timedelta(hours=3), device=Device.PHONE, stands_for=10)
    waits("console-people", [600] * 10, at=at - timedelta(hours=3), kind=Kind.SWAP)
    waits("desk-audit", [4_500] * 20, at=at - timedelta(hours=3), site=Site.PLATFORM)
    waits("", [90] * 19 + [140], at=at - timedelta(hours=3), kind=Kind.SERVER, device="")
    views("console", 12, at=at - timedelta(minutes=5))
    return system


def board(browser: Client, query: str = "") -> str:
    answer = browser.get(f"/desk/timing{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def cells(browser: Client, query: str) -> list[list[object]]:
    answer = browser.get(f"/desk/timing{query}")
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_an_empty_board_says_what_comes(system):
    page = board(system)
    assert "这段时间还没有数据" in page
    assert "这里按月列出平均响应时间" in page


def test_the_board_says_mean_percentiles_share_and_how_much_was_measured(told):
    page = board(told)
    # 20 x 1.0 + 10 x 0.8 + 20 x 2.0 + 10 x 0.6 + 20 x 4.5 s over 80 operations
    assert "2.05 秒" in page
    assert "达标" in page
    assert "75%" in page  # of all within 3 s
    assert "100 毫秒" in page  # the nineteenth of twenty answers of the server
    assert "其中 100%" not in page
    assert page.index("/desk/audit<br>") < page.index("/learn<br>") < page.index("/console/people<br>"), "the slowest first"
    assert "超过 3 秒" in page
    assert page.count("<rect") == 30


def test_filters_leave_what_they_say(told):
    learners = board(told, "?audience=LEARNER")
    assert "/learn<br>" in learners
    assert "/console/people<br>" not in learners
    assert "/learn<br>" not in board(told, "?device=DESKTOP")
    platform = board(told, "?site=PLATFORM")
    assert "/desk/audit<br>" in platform
    assert "/console/people<br>" not in platform
    assert "/console/people<br>" not in board(told, "?audience=ANYBODY")
    assert "/console/people<br>" in board(told, "?audience=nobody&device=watch&site=moon&period=never")
    found = board(told, "?q=people")
    assert "/console/people<br>" in found
    assert "/desk/audit<br>" not in found.split("各页面")[1]
    assert "没有符合条件的页面" in board(told, "?q=nothing-like-it")


def test_pages_are_sorted(told):
    fastest = board(told, "?sort=mean").split("各页面")[1]
    assert fastest.index("/console<br>") < fastest.index("/learn<br>") < fastest.index("/desk/audit<br>")
    for sort in ("p95", "-p95", "count", "-within", "page", "-page", "nonsense"):
        board(told, f"?sort={sort}")


def test_pages_come_twenty_at_a_time(system):
    at = clock.now() - timedelta(minutes=5)
    names = [name for name in sorted(queries.addresses(Site.ENTERPRISE)) if name.startswith("console-")][:25]
    for number, name in enumerate(names):
        waits(name, [1_000 + number], at=at)
    assert "共 <b>25</b> 条" in board(system)
    assert names[0] in board(system, "?page=2")


def test_a_month_is_exported_with_its_verdict(told):
    month = clock.shanghai_date(clock.now()).strftime("%Y-%m")
    assert f"{month}" in board(told)
    assert board(told, f"?period={month}")
    rows = cells(told, "?export=months")
    assert rows[0][3] == "平均（秒）"
    assert rows[-1][0] == "合计"
    assert rows[-1][1:4] == [80, 62, 2.05]
    assert rows[-1][-1] == "达标"
    (event,) = [one for one in audit.history("timing:board") if one.details["what"] == "months"]
    assert event.action == "timing.exported"


def test_days_and_pages_are_exported(told):
    days = cells(told, "?export=days&audience=LEARNER")
    assert [row[1] for row in days[1:]] == [20, 20]
    pages = cells(told, "?export=pages&q=audit")
    assert [str(cell) for cell in pages[1][:4]] == ["/desk/audit", "desk-audit", "平台人员", "平台网站"]
    assert pages[1][6] == 4.5


def test_the_board_costs_the_same_however_much_was_measured(told):
    with CaptureQueriesContext(connection) as first:
        board(told)
    at = clock.now() - timedelta(minutes=4)
    for name in ("console-plans", "console-units", "learn-plans", "desk-load"):
        waits(name, [500] * 5, at=at)
        at += timedelta(minutes=1)
    with CaptureQueriesContext(connection) as second:
        board(told)
    assert len(first) == len(second)
    assert len([one for one in second if "timing_" in one["sql"]]) == 4


def test_the_system_s_administrator_changes_a_rate(system):
    assert "每 10 次测一次" in system.get("/desk/timing/sampling").content.decode()
    url = "/desk/timing/sampling/LEARNER"
    assert "出厂值" in system.get(url).content.decode()
    for bad in ({"every": "", "reason": "减少上报"}, {"every": "0", "reason": "减少上报"}, {"every": "5", "reason": "无"}):
        assert system.post(url, bad).status_code == 422
    assert not SampleRate.objects.exists()
    assert system.post(url, {"every": "25", "reason": "学员多，减少上报"}).status_code == 302
    assert "每 25 次测一次" in system.get("/desk/timing/sampling").content.decode()
    assert "学员多，减少上报" in system.get(url).content.decode()
    assert system.get("/desk/timing/sampling/NOBODY").status_code == 404


def test_who_may(platform):
    business, author = desk("OPERATIONS"), desk("AUTHOR")
    for path in ("/desk/timing", "/desk/timing/sampling"):
        assert business.get(path).status_code == 200
        assert author.get(path).status_code == 403
        assert Client(HTTP_HOST="anxue.localhost:8000").get(path).status_code == 302
    assert "/desk/timing/sampling/LEARNER" not in business.get("/desk/timing/sampling").content.decode()
    assert business.post("/desk/timing/sampling/LEARNER", {"every": "1", "reason": "减少上报"}).status_code == 403
    assert business.get("/desk/timing?export=months").status_code == 200
    assert Client(HTTP_HOST="jia.localhost").get("/desk/timing").status_code == 404


def test_in_english(told):
    page = told.get("/desk/timing", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Response of pages" in page
    assert "界面响应" not in page


def test_the_load_board_says_the_server_s_time_too(told):
    waits("", [90] * 19 + [140], at=clock.now(), kind=Kind.SERVER, device="")
    minutes("RESPONSE", [90.0], at=clock.now())
    assert "近一小时 95% 的请求在" in told.get("/desk/load").content.decode()
