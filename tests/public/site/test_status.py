"""Real probes, minutes written once, incidents in words, and the public page."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client

from infra.kit.errors import DomainError
from public.operators.api import Me
from public.site.status import probing, queries, rules, services
from public.site.status.models import Component, Incident, ProbeHour, Word
from tests.conftest import NOON
from tests.public.desk import HOST, desk, inside, operator

pytestmark = pytest.mark.req("S2")


def broken() -> None:
    raise OSError("a host name that must not be logged")


def fine() -> None:
    return None


def measure(*, at: Any, bad: tuple[str, ...] = (), minutes: int = 1) -> None:
    for n in range(minutes):
        probes = {one: broken if one in bad else fine for one in Component.values}
        probing.round_of_all(at=at + timedelta(minutes=n), probes=probes)


@pytest.fixture
def me(platform: None) -> Me:
    return Me(operator("OPERATIONS"), "运营甲", "OPERATIONS")


def test_real_probes_really_use_what_they_probe(platform, caplog):
    found = {one.component: one.ok for one in probing.round_of_all(at=NOON) if one.component != Component.WEB}
    assert found == dict.fromkeys(set(Component.values) - {"WEB"}, True), "no film yet, no bell yet: nothing to hold against them"
    assert ProbeHour.objects.count() == len(Component.values)


def test_the_web_is_asked_through_http(platform, settings):
    settings.STATUS_WEB_URL = "http://127.0.0.1:1/healthz"
    assert not probing.tried(Component.WEB, probing.web).ok


def test_a_bell_that_nobody_hears_is_a_dead_worker(platform):
    from infra.kit import clock

    probing.heard(at=clock.now())
    assert probing.tried(Component.WORKER, probing.worker).ok
    probing.heard(at=clock.now() - timedelta(minutes=4))
    assert not probing.tried(Component.WORKER, probing.worker).ok


def test_a_failure_is_logged_by_its_kind_only(platform, caplog):
    assert not probing.tried("WEB", broken).ok
    assert "OSError" in caplog.text
    assert "host name" not in caplog.text


def test_a_minute_is_judged_once(platform):
    measure(at=NOON, bad=("WEB",))
    measure(at=NOON)
    row = ProbeHour.objects.get(component="WEB")
    assert (row.measured, row.ok) == (rules.bit(NOON), 0)
    measure(at=NOON + timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.measured.bit_count(), row.ok.bit_count()) == (2, 1)


def test_what_the_database_could_not_take_waits_in_the_cache(platform, monkeypatch):
    def away(*_args: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(probing, "_write", away)
        measure(at=NOON, bad=("DATABASE",))
    assert not ProbeHour.objects.exists()
    measure(at=NOON + timedelta(minutes=1))
    row = ProbeHour.objects.get(component="DATABASE")
    assert (row.measured.bit_count(), row.ok) == (2, rules.bit(NOON + timedelta(minutes=1)))


def test_months_count_every_minute_since_the_first_and_leave_out_announced_work(me):
    measure(at=NOON, minutes=30)
    measure(at=NOON + timedelta(minutes=30), bad=("CACHE",), minutes=10)
    at = NOON + timedelta(minutes=60, seconds=20)  # 20 minutes were not measured
    (month,) = queries.months(at=at)
    assert (month.uptime.minutes, month.uptime.up, month.uptime.unmeasured) == (60, 30, 20)
    assert month.is_running
    work = report(kind="PLANNED", starts_at=NOON + timedelta(minutes=30), ends_at=NOON + timedelta(minutes=40))
    services.begin(report=work, me=me, at=NOON - timedelta(hours=1))
    (month,) = queries.months(at=at)
    assert (month.uptime.minutes, month.uptime.up, month.uptime.planned) == (50, 30, 10)


def report(**changes: Any) -> services.Report:
    said: dict[str, Any] = {
        "kind": "OUTAGE", "title": "视频加载缓慢", "text": "正在排查，已确认的学时不受影响。", "components": ["MEDIA"], "starts_at": NOON,
    }  # fmt: skip
    return services.Report(**{**said, **changes})


def test_an_outage_is_told_from_the_first_word_to_the_last(me):
    row = services.begin(report=report(), me=me, at=NOON + timedelta(minutes=5))
    services.say(incident=row.uuid, stage="KNOWN", text="存储服务器磁盘故障", me=me, at=NOON + timedelta(minutes=9))
    services.say(incident=row.uuid, stage="OVER", text="已切换到备用存储", me=me, at=NOON + timedelta(minutes=20))
    row.refresh_from_db()
    assert row.ends_at == NOON + timedelta(minutes=20)
    with pytest.raises(DomainError) as refusal:
        services.say(incident=row.uuid, stage="KNOWN", text="再补一句说明", me=me, at=NOON + timedelta(minutes=30))
    assert refusal.value.code == "over"
    assert Word.objects.filter(incident=row).count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        Word.objects.update(text="没有故障")


def work_of(me: Me, **changes: Any) -> Incident:
    """Work announced an hour ahead, from noon to one."""
    said = report(kind="PLANNED", components=["DATABASE"], ends_at=NOON + timedelta(hours=1), **changes)
    return services.begin(report=said, me=me, at=NOON - timedelta(hours=1))


def say(row: Incident, stage: str, at: Any, me: Me) -> str:
    """Say something of work; return the code of the refusal, or ""."""
    try:
        services.say(incident=row.uuid, stage=stage, text="维护进展说明", me=me, at=at)
    except DomainError as error:
        return error.code
    return ""


def test_work_that_is_done_early_counts_again_from_then_on(me):
    measure(at=NOON, bad=("DATABASE",), minutes=60)
    row = work_of(me)
    at, end = NOON + timedelta(minutes=20), NOON + timedelta(hours=1)
    assert [word.get_stage_display() for word in row.words.all()] == ["已安排"]
    assert say(row, "KNOWN", at, me) == "bad_stage", "that is said of outages"
    assert say(row, "OFF", at, me) == "bad_stage", "it has begun"
    assert say(row, "WORKING", at, me) == ""
    assert queries.months(at=end)[0].uptime.planned == 60
    assert say(row, "DONE", at, me) == ""
    uptime = queries.months(at=end)[0].uptime
    assert (uptime.planned, uptime.down) == (20, 40)
    assert say(row, "WORKING", end, me) == "over"


def test_work_that_is_called_off_is_not_left_out(me):
    measure(at=NOON, bad=("DATABASE",), minutes=60)
    row, before = work_of(me), NOON - timedelta(minutes=30)
    assert say(row, "DONE", before, me) == "bad_stage", "it has not begun"
    assert row.is_coming(before)
    assert say(row, "OFF", before, me) == ""
    off = Incident.objects.get(pk=row.pk)
    assert (off.is_coming(before), off.is_open(NOON + timedelta(minutes=5))) == (False, False)
    assert queries.months(at=NOON + timedelta(hours=1))[0].uptime.planned == 0
    assert queries.unexplained(at=NOON + timedelta(minutes=30)) == ["DATABASE"]
    page = Client(HTTP_HOST=HOST).get("/status").content.decode()
    assert "已取消" in page


def test_titles_and_words_are_read_in_english(me):
    services.begin(report=report(title_en="Videos load slowly", text_en="We are looking for the cause."), me=me, at=NOON)
    page = Client(HTTP_HOST=HOST, HTTP_ACCEPT_LANGUAGE="en").get("/status").content.decode()
    assert "Videos load slowly" in page
    assert "We are looking for the cause." in page


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"components": []}, "bad_component"),
        ({"ends_at": NOON}, "bad_period"),
        ({"starts_at": NOON + timedelta(hours=1)}, "bad_period"),
        ({"ends_at": NOON + timedelta(hours=1)}, "bad_period"),
        ({"kind": "PLANNED", "ends_at": NOON + timedelta(hours=1)}, "bad_period"),
        ({"kind": "PLANNED", "starts_at": NOON + timedelta(hours=1)}, "bad_period"),
    ],
    ids=["nothing", "ends before", "future outage", "future end", "work told too late", "work without end"],
)
def test_what_cannot_be_is_refused(me, changes, code):
    with pytest.raises(DomainError) as refusal:
        services.begin(report=report(**changes), me=me, at=NOON)
    assert refusal.value.code == code
    assert not Incident.objects.exists()


def test_a_failure_without_a_word_waits_on_the_desk(me):
    measure(at=NOON, bad=("MEDIA",), minutes=5)
    assert queries.unexplained(at=NOON + timedelta(minutes=5)) == ["MEDIA"]
    services.begin(report=report(), me=me, at=NOON + timedelta(minutes=5))
    assert queries.unexplained(at=NOON + timedelta(minutes=5)) == []


def test_a_gap_counts_as_down_is_shown_and_asked_about_until_somebody_gives_the_reason(me, time_machine):
    """Nothing measured, so nobody could write: three minutes afterwards it is there all the same."""
    time_machine.move_to(NOON + timedelta(minutes=15), tick=False)
    measure(at=NOON, minutes=5)
    measure(at=NOON + timedelta(minutes=8), minutes=7)
    at = NOON + timedelta(minutes=15)
    gap = rules.Span(NOON + timedelta(minutes=5), NOON + timedelta(minutes=8))
    (month,) = queries.months(at=at)
    assert (month.uptime.minutes, month.uptime.up, month.uptime.unmeasured) == (15, 12, 3)
    assert (queries.gaps(at=at), queries.silent(at=at)) == ([gap], [gap])
    assert "2026-11-23 12:05 – 12:08" in Client(HTTP_HOST=HOST).get("/status").content.decode()
    assert Client(HTTP_HOST=HOST).get("/status.json").json()["gaps"][0]["start"] == gap.start.isoformat()
    browser = inside(me.credential_id)
    page = browser.get("/desk/status").content.decode()
    assert "有时段没有测到" in page
    (link,) = re.findall(r'href="(/desk/status/new\?starts_at=[^"]+)"', page)
    form = browser.get(unescape(link)).content.decode()
    assert 'value="2026-11-23T12:05"' in form
    assert 'value="2026-11-23T12:08"' in form
    services.begin(report=report(starts_at=gap.start, ends_at=gap.end, components=["WEB"]), me=me, at=at)
    assert queries.silent(at=at) == []
    assert queries.gaps(at=at) == [gap], "explained, and still shown"
    assert queries.months(at=at)[0].uptime.down == 3, "and still counted"


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [("yesterday", "2026-11-23"), ("2026-13-45T00:00Z", "2026-02-30T00:00Z"), ("0001-01-01T00:00%2B12:00", "9999-12-31T23:59Z")],
    ids=["no moments", "no such days", "out of range"],
)
def test_times_of_a_link_that_are_none_fill_in_nothing(me, starts_at, ends_at):
    answer = inside(me.credential_id).get(f"/desk/status/new?starts_at={starts_at}&ends_at={ends_at}")
    assert answer.status_code == 200
    assert not re.search(r'value="\d{4}-', answer.content.decode())


def test_the_round_rings_on_the_minute():
    """Every 60 seconds after the last ring would drift over a minute's end every other day, and that minute would count as down."""
    from celery.schedules import crontab

    from infra.wiring.celery import app

    assert app.conf.beat_schedule["probe what runs"]["schedule"] == crontab()


def test_the_public_page_and_its_json(me):
    from infra.kit import clock

    stranger = Client(HTTP_HOST=HOST)
    empty = stranger.get("/status")
    assert "还没有探测结果" in empty.content.decode()
    cache.clear()
    at = clock.now().replace(second=0, microsecond=0)
    measure(at=at - timedelta(minutes=3), bad=("MEDIA",), minutes=3)
    services.begin(report=report(starts_at=at - timedelta(minutes=3)), me=me, at=at)
    page = stranger.get("/status").content.decode()
    for words in ("部分功能异常", "视频加载缓慢", "正在排查，已确认的学时不受影响。", "99.9"):
        assert words in page, words
    told = stranger.get("/status.json").json()
    assert told["status"] == "partly"
    assert {one["id"]: one["works"] for one in told["components"]}["MEDIA"] is False
    assert told["months"][0]["up"] == 0
    (said,) = told["incidents"]
    assert (said["title"], said["components"], said["ends_at"]) == ("视频加载缓慢", ["MEDIA"], None)
    assert said["said"] == ["正在排查，已确认的学时不受影响。"]


def test_the_page_costs_the_same_however_much_was_measured(me):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            Client(HTTP_HOST=HOST).get("/status")
        return len(seen)

    measure(at=NOON)
    services.begin(report=report(), me=me, at=NOON)
    cost()
    few = cost()
    for hours in range(1, 30):
        measure(at=NOON + timedelta(hours=hours))
        services.begin(report=report(), me=me, at=NOON)
    assert cost() == few


def test_operations_write_incidents_on_the_desk(platform):
    client = desk("OPERATIONS")
    said = {"kind": "OUTAGE", "title": "登录缓慢", "text": "正在排查短信通道。", "components": ["WEB"]}
    assert client.post("/desk/status/new", {**said, "components": []}).status_code == 422
    assert not Incident.objects.exists()
    assert client.post("/desk/status/new", said).status_code == 302
    row = Incident.objects.get()
    refused = client.post(f"/desk/status/{row.uuid}", {"stage": "DONE", "text": "短信通道已恢复"})
    assert (refused.status_code, "短信通道已恢复" in refused.content.decode()) == (422, True), "what was typed is kept"
    assert client.post(f"/desk/status/{row.uuid}", {"stage": "OVER", "text": "短信通道已恢复"}).status_code == 302
    assert "已恢复" in client.get(f"/desk/status/{row.uuid}").content.decode()
    assert "登录缓慢" in client.get("/desk/status").content.decode()
    assert client.get("/desk/status/00000000-0000-0000-0000-000000000000").status_code == 404


def test_what_a_release_before_kept_in_the_cache_is_not_read(platform):
    """While a release goes out, the code before it still writes under its own key."""
    measure(at=NOON)
    kept = {"at": NOON, "lines": [], "months": [], "year": rules.Uptime(), "overall": "ok"}
    for language in ("zh-hans", "en"):
        cache.set(f"platform:status-page:{language}", kept, 30)
    assert "gaps" in Client(HTTP_HOST=HOST).get("/status.json").json()
    assert Client(HTTP_HOST=HOST).get("/status").status_code == 200
