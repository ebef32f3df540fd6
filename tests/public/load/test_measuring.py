"""The meters really read what they say, and the web is counted without being asked each time."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import cycle

import pytest
from celery import current_app
from kombu import Queue

from infra.kit import clock
from public.load import measuring, warning
from public.load.models import LoadNow, Meter
from public.timing import api as timing
from public.timing import counting
from public.timing.counting import Key
from public.timing.models import Kind, Site
from tests.conftest import NOON
from tests.public.desk import HOST

pytestmark = pytest.mark.req("R5.3")
MINUTE = int(NOON.timestamp()) // 60


def test_every_meter_reads_something_real(platform):
    now = clock.now()
    answers(0.25, at=now.timestamp() - 120)
    found = measuring.read_all(at=now)
    assert set(found) == set(Meter.values) - {"PAGES"}, "nobody has waited for a page yet"
    assert found[Meter.CONNECTIONS].value >= 1
    assert found[Meter.CONNECTIONS].capacity >= found[Meter.CONNECTIONS].value
    assert found[Meter.DATABASE].value > 0.001
    for meter in (Meter.DISK, Meter.MEMORY):
        assert 0 < found[meter].value < found[meter].capacity
    assert found[Meter.REQUESTS].value >= 1 / 60
    assert found[Meter.RESPONSE].value > 0
    assert warning.measure(at=now) >= 0
    assert LoadNow.objects.count() == len(Meter.values) - 1


def test_waiting_tasks_are_counted_in_every_queue(platform):
    before = measuring.queue(NOON).value
    with current_app.connection_for_write() as link:
        channel = link.default_channel
        for name in (current_app.conf.task_default_queue, "face", "film"):
            Queue(name)(channel).declare()
            channel.basic_publish(channel.prepare_message("{}"), exchange="", routing_key=name)
    assert measuring.queue(NOON).value == before + 3


def test_open_lessons_are_counted_over_enterprises(platform):
    from public.monitor import api as monitor

    assert measuring.learners(NOON).value == monitor.studying()


def test_a_meter_that_fails_is_left_out_and_its_words_are_not_logged(platform, caplog):
    def broken(at: object) -> measuring.Read:
        raise OSError("a host name that must not be logged")

    def fine(at: object) -> measuring.Read:
        return measuring.Read(1.0)

    assert set(measuring.read_all(at=NOON, meters={"QUEUE": broken, "MEMORY": fine})) == {"MEMORY"}
    assert "QUEUE cannot be read: OSError" in caplog.text
    assert "host name" not in caplog.text


def answers(*seconds: float, at: float) -> None:
    """Let a process hand over answers of the server at a Unix time."""
    timer = counting.Timer()
    for site, one in zip(cycle(Site.values), seconds, strict=False):
        timer.add(Key(Kind.SERVER, "", site, ""), round(one * 1000))
    timer.add(Key(Kind.LOADED, "console", Site.ENTERPRISE, ""), 9_000)
    timer.flush(now=at)


def test_answers_of_all_processes_and_sites_are_added(platform):
    assert timing.answered(MINUTE) == (0, 0)
    for _process in range(2):
        answers(0.2, 0.4, 0.6, at=MINUTE * 60)
    answers(0.1, at=(MINUTE + 1) * 60)
    assert (timing.answered(MINUTE), timing.answered(MINUTE + 1)) == ((6, 2_400), (1, 100))
    assert measuring.requests(NOON + timedelta(minutes=2)).value == pytest.approx(6 / 60)
    assert measuring.response(NOON + timedelta(minutes=2)).value == pytest.approx(400.0)


def test_of_no_answer_there_is_no_mean(platform):
    assert set(measuring.read_all(at=NOON, meters={"REQUESTS": measuring.requests, "RESPONSE": measuring.response})) == {
        "REQUESTS"
    }


def test_the_last_answers_of_a_quiet_process_are_on_the_board_though_their_minute_was_read(platform, client, monkeypatch):
    quiet = counting.Timer()
    monkeypatch.setattr(timing, "TIMER", quiet)
    client.get("/nowhere", HTTP_HOST=HOST)
    quiet._handed_over -= 300
    minute = int(time.time()) // 60
    before = timing.answered(minute)[0] + timing.answered(minute + 1)[0]
    client.get("/healthz", HTTP_HOST=HOST)
    assert timing.answered(minute)[0] + timing.answered(minute + 1)[0] == before + 1


def told() -> int:
    timing.TIMER.flush()
    minute = int(time.time()) // 60
    return timing.answered(minute)[0] + timing.answered(minute - 1)[0]


def test_what_the_web_answers_is_counted_but_not_who_asks_whether_it_lives(platform, client):
    before = told()
    for path in ("/status.json", "/nowhere", "/healthz", "/static/none.css"):
        client.get(path, HTTP_HOST=HOST)
    assert told() == before + 2
