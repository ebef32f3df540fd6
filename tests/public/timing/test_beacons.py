"""What browsers send, honest and forged: it has no effect but a count."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client, RequestFactory
from redis import Redis

from infra.kit import clock
from public.timing import adding, beacons, counting, pages, routes
from public.timing.beacons import Told
from public.timing.counting import Key, Timer
from public.timing.models import Device, Kind, Site, TimedHour
from tenants import valkey
from tenants.scope import platform_scope
from tests.public.desk import HOST
from tests.web import ROOT

pytestmark = pytest.mark.req("R6.1.4")
PHONE = "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/90 Mobile Safari/537.36"


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Timer:
    """A process that has counted nothing yet, and hands nothing over while the test asks, however long that takes."""
    monkeypatch.setattr(counting, "HANDED_OVER_S", 3600.0)
    fresh = Timer()
    for room in (beacons, pages):
        monkeypatch.setattr(room, "TIMER", fresh)
    return fresh


def counted(timer: Timer) -> dict[Key, tuple[int, int, int]]:
    """What it counted: how many, how many measured, milliseconds together."""
    return {key: (cell[0], cell[1], cell[2]) for key, cell in timer._cells.items()}


def send(host: str, body: Any, **meta: Any) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body)
    client = Client(HTTP_HOST=host, enforce_csrf_checks=True)
    answer = client.post("/api/page-times", data, content_type="text/plain;charset=UTF-8", **meta)
    assert not answer.cookies
    return answer.status_code


def view(page: str = "console", times: tuple[int, ...] = (90, 400, 900, 700), swaps: tuple[int, ...] = ()) -> dict[str, Any]:
    return {"page": page, "times": list(times), "swaps": list(swaps)}


def test_a_page_view_is_counted_by_page_site_and_device(db, jia, timer):
    assert send(jia.host, view(swaps=(120, 80))) == 204
    assert send(HOST, view("desk-load", times=(50, 60, 70, 0)), HTTP_USER_AGENT=PHONE) == 204
    manager, desk = ("console", Site.ENTERPRISE, Device.DESKTOP), ("desk-load", Site.PLATFORM, Device.PHONE)
    assert counted(timer) == {
        Key(Kind.FIRST, *manager): (1, 1, 90),
        Key(Kind.READY, *manager): (1, 1, 400),
        Key(Kind.LOADED, *manager): (1, 1, 900),
        Key(Kind.PAINTED, *manager): (1, 1, 700),
        Key(Kind.SWAP, *manager): (2, 2, 200),
        Key(Kind.FIRST, *desk): (1, 1, 50),
        Key(Kind.READY, *desk): (1, 1, 60),
        Key(Kind.LOADED, *desk): (1, 1, 70),
    }


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, Device.PHONE),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0", Device.PHONE),
        ("Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Mobile/15E148 Safari/604.1", Device.DESKTOP),
        ("", Device.DESKTOP),
    ],
)  # fmt: skip
def test_tablets_count_as_desktops(agent, device):
    assert pages.device_of(RequestFactory().get("/", HTTP_USER_AGENT=agent)) == device


def test_one_measured_of_ten_stands_for_ten(db, jia, timer):
    send(jia.host, view("learn-home"), HTTP_SEC_CH_UA_MOBILE="?1")
    assert counted(timer)[Key(Kind.LOADED, "learn-home", Site.ENTERPRISE, Device.PHONE)] == (10, 1, 9_000)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 900, b'{"page":"console"}',
        view("console", times=(1, 2, 3)),
        view("console", times=(1, 2, 3, 4, 5)),
        view("console", times=(500, 400, 900, 0)),
        view("console", times=(90, 1_000, 900, 0)),
        view("console", times=(-1, 400, 900, 0)),
        view("console", times=(90, 400, 3_600_000, 0)),
        view("console", swaps=(1,) * 21),
        view("console", swaps=(-5,)),
        {"page": "console", "times": [90.5, 400, 900, 0], "swaps": []},
        {"page": "console", "times": [True, True, True, True], "swaps": []},
        {"page": "console", "times": [90, 400, "900", 0], "swaps": []},
        {"page": "console", "times": {"a": 1}, "swaps": []},
        {"page": ["console"], "times": [], "swaps": [5]},
        b'{"page":"console","times":[1,2,1e400,0],"swaps":[]}',
        view("no-such-page"),
        view("desk-load"),
        view("enterprise-api:told"),
        view("/console/people/7"),
        view("console\0"),
    ],
    ids=range(26),
)  # fmt: skip
def test_what_is_forged_or_nonsense_is_dropped_without_a_word(db, jia, timer, body):
    assert send(jia.host, body) == 204
    assert counted(timer) == {}


def test_a_form_is_dropped_like_any_nonsense(db, jia, timer):
    assert Client(HTTP_HOST=jia.host).post("/api/page-times", {"page": "console", "times": "1"}).status_code == 204
    assert counted(timer) == {}


def test_what_takes_longer_than_a_minute_counts_as_one(db, jia, timer):
    send(jia.host, view(times=(90, 400, 3_000_000, 0)))
    assert counted(timer)[Key(Kind.LOADED, "console", Site.ENTERPRISE, Device.DESKTOP)] == (1, 1, 60_000)


def test_more_than_a_page_has_to_say_is_not_read(db, jia, timer):
    assert send(jia.host, json.dumps(view()).encode() + b" " * 1024) == 204
    assert counted(timer) == {}


def test_other_sites_cannot_send_in_a_visitor_s_name(db, jia, timer):
    assert send(jia.host, view(), HTTP_ORIGIN="https://elsewhere.example") == 204
    assert send(jia.host, view(), HTTP_ORIGIN="null") == 204
    assert counted(timer) == {}
    send(jia.host, view(), HTTP_ORIGIN=f"http://{jia.host}")
    assert counted(timer)


@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "//[x]"])
def test_a_sender_that_is_no_address_is_another_site(db, jia, timer, origin):
    assert send(jia.host, view(), HTTP_ORIGIN=origin) == 204
    assert counted(timer) == {}


@pytest.mark.parametrize("length", ["many", "1e3", "²"])
def test_a_length_that_is_no_number_is_no_body(db, jia, timer, length):
    assert send(jia.host, view(), CONTENT_LENGTH=length) == 204
    assert counted(timer) == {}


def test_a_browser_that_leaves_while_it_sends_is_not_counted(jia, timer):
    class Gone:
        def read(self, *size: int) -> bytes:
            raise OSError("connection reset")

    request = RequestFactory().post("/api/page-times", b"{}", "text/plain", HTTP_HOST=jia.host)
    request._stream = Gone()
    assert routes.told(request).status_code == 204
    assert counted(timer) == {}


def test_one_address_counts_only_so_often(db, jia, timer, monkeypatch):
    monkeypatch.setattr(routes, "PER_ADDRESS", "3/minute")
    for _ in range(5):
        assert send(jia.host, view(times=(), swaps=(70,)), REMOTE_ADDR="10.9.8.7") == 204
    assert send(jia.host, view(times=(), swaps=(70,)), REMOTE_ADDR="10.9.8.8") == 204
    assert counted(timer) == {Key(Kind.SWAP, "console", Site.ENTERPRISE, Device.DESKTOP): (4, 4, 280)}


def test_a_beacon_costs_no_query_no_session_and_one_round_trip(db, jia, timer, monkeypatch, django_assert_num_queries):
    send(jia.host, view())  # the script of the limit is loaded now
    trips: list[str] = []
    execute = Redis.execute_command

    def noted(self: Redis, *args: Any, **more: Any) -> Any:
        trips.append(str(args[0]))
        return execute(self, *args, **more)

    monkeypatch.setattr(Redis, "execute_command", noted)
    with django_assert_num_queries(0):
        send(jia.host, view())
    assert trips == ["EVALSHA"]


def test_without_valkey_the_answer_is_the_same(db, jia, timer, monkeypatch):
    def away(*args: object) -> None:
        raise routes.limits.Unavailable

    monkeypatch.setattr(routes.limits, "spend", away)
    assert send(jia.host, view()) == 204
    assert counted(timer) == {}


def test_a_closed_enterprise_s_pages_are_timed_too(db):
    from infra.wiring import standing

    for status in ("SUSPENDED", "CLOSING", "CLOSED"):
        assert standing.allows(status, "POST", "/api/page-times", "", None)


def test_an_enterprise_sees_nothing_of_it(in_jia):
    for sql in ("SELECT * FROM public.timing_timedhour", "INSERT INTO public.timing_addedup (id, minute) VALUES (1, 1)",
                "SELECT * FROM public.timing_samplerate"):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_neither_who_nor_which_enterprise_is_kept(db, jia, timer):
    send(jia.host, view(), REMOTE_ADDR="10.9.8.7")
    timer.flush()
    with platform_scope():
        adding.add_up(at=clock.now() + timedelta(minutes=2))
        kept = str(list(TimedHour.objects.values()))
    assert "console" in kept
    assert not any(word in kept for word in ("10.9.8.7", "jia", jia.schema_name))


def request_of(path: str, host: str, *, enterprise: object = None, **meta: Any) -> Any:
    from django.urls import resolve

    request = RequestFactory().get(path, HTTP_HOST=host, **meta)
    if enterprise is not None:
        request.enterprise = enterprise
    urls = "infra.wiring.urls.enterprise" if enterprise else "infra.wiring.urls.platform"
    request.resolver_match = resolve(path, urls)
    return request


def test_a_page_s_name_is_put_into_it_and_each_view_counted_once(timer, jia):
    timer._every = {"LEARNER": 1}
    found = pages.PageView(request_of("/learn", jia.host, enterprise=jia))
    assert (found.route, found.route) == ("learn-home", "learn-home")
    assert counted(timer) == {Key(Kind.VIEW, "learn-home", Site.ENTERPRISE, Device.DESKTOP): (1, 1, 0)}


def test_parts_of_pages_and_what_is_no_page_are_not_asked(timer, jia):
    part = request_of("/console", jia.host, enterprise=jia, HTTP_HX_REQUEST="true")
    nowhere = request_of("/console", jia.host, enterprise=jia)
    nowhere.resolver_match = None
    assert pages.PageView(part).route == pages.PageView(nowhere).route == ""
    assert counted(timer) == {}


def test_of_many_views_a_sample_is_asked(timer, jia, monkeypatch):
    drawn = iter([0.09, 0.1, 0.5, 0.99])
    monkeypatch.setattr(pages.random, "random", lambda: next(drawn))
    asked = [pages.PageView(request_of("/learn", jia.host, enterprise=jia)).route for _ in range(4)]
    assert asked == ["learn-home", "", "", ""]
    assert counted(timer)[Key(Kind.VIEW, "learn-home", Site.ENTERPRISE, Device.DESKTOP)][0] == 4


def test_addresses_say_which_page_but_not_whose():
    known = pages.addresses(Site.ENTERPRISE)
    assert known["console"] == "/console"
    assert not any("<" in address for address in known.values())
    assert all(":" not in name for name in known)
    assert "desk-load" not in known
    assert "desk-load" in pages.addresses(Site.PLATFORM)


def test_the_script_is_small():
    assert (ROOT / "infra/ui/static/ui/js/timing.js").stat().st_size < 1_536


def test_the_frame_carries_name_and_script_of_a_page_that_is_asked(db, jia, timer):
    timer._every = {}
    page = Client(HTTP_HOST=jia.host).get("/sign-in").content.decode()
    assert '<meta name="ax-timing" content="sign-in"><script src="/static/ui/js/timing' in page
    timer._every = {"ANYBODY": 10**9}
    assert "ax-timing" not in Client(HTTP_HOST=jia.host).get("/sign-in").content.decode()


def test_read_returns_what_was_told():
    assert beacons.read(json.dumps(view(swaps=(5,))).encode()) == Told(
        "console", {"FIRST": 90, "READY": 400, "LOADED": 900, "PAINTED": 700}, [5]
    )
    assert counting.key_of(7) == valkey.platform_key("timing", "7")
