"""The meters really read what they say, and the web is counted without being asked each time."""

from __future__ import annotations

import threading
import time

import pytest
from celery import current_app
from kombu import Queue
from redis.exceptions import RedisError

from infra.kit import clock
from public.load import counting, measuring, warning
from public.load.models import LoadNow, Meter
from tenants import valkey
from tests.conftest import NOON
from tests.public.desk import HOST

pytestmark = pytest.mark.req("R5.3")
MINUTE = int(NOON.timestamp()) // 60


def test_every_meter_reads_something_real(platform):
    counter = counting.Counter()
    now = clock.now()
    counter.add(0.25, now=now.timestamp() - 120)
    counter.flush()
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


def test_a_process_hands_over_by_itself_when_the_minute_is_over(platform):
    counter = counting.Counter()
    for _ in range(5):
        counter.add(0.2, now=MINUTE * 60)
    assert counting.answered(MINUTE) == (0, 0.0)
    counter.add(0.1, now=(MINUTE + 1) * 60)
    assert counting.answered(MINUTE) == (5, pytest.approx(1.0))
    assert counting.answered(MINUTE + 1) == (1, pytest.approx(0.1))
    assert 0 < valkey.client().ttl(valkey.platform_key("load", "answers", str(MINUTE))) <= 600
    at = clock.now().fromtimestamp((MINUTE + 2) * 60, tz=NOON.tzinfo)
    assert measuring.requests(at).value == pytest.approx(5 / 60)
    assert measuring.response(at).value == pytest.approx(200.0)


def test_threads_lose_no_count(platform):
    counter = counting.Counter()

    def work() -> None:
        for _ in range(2_000):
            counter.add(0.001, now=MINUTE * 60)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counter.flush()
    assert counting.answered(MINUTE)[0] == 16_000


def test_nobody_waits_for_a_valkey_that_is_away(platform, monkeypatch, caplog):
    class Away:
        def pipeline(self, **more: object) -> None:
            raise RedisError("gone")

    monkeypatch.setattr(counting.valkey, "client", Away)
    counter = counting.Counter()
    counter.add(0.1, now=MINUTE * 60)
    began = time.perf_counter()
    counter.add(0.1, now=(MINUTE + 1) * 60)
    assert time.perf_counter() - began < 1
    assert "were not counted: RedisError" in caplog.text


def told() -> int:
    counting.COUNTER.flush()
    minute = int(time.time()) // 60
    return counting.answered(minute)[0] + counting.answered(minute - 1)[0]


def test_what_the_web_answers_is_counted_but_not_who_asks_whether_it_lives(platform, client):
    before = told()
    for path in ("/status.json", "/nowhere", "/healthz", "/static/none.css"):
        client.get(path, HTTP_HOST=HOST)
    assert told() == before + 2
