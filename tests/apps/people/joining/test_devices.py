"""Where somebody is signed in: listed without places, ended singly, all others, by a manager."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.people.joining import devices
from apps.people.models import Change, Device
from tenants.api import Credential
from tenants.scope import enterprise_scope

from .conftest import LEARNER, PASSWORD, browser, is_in, sign_in

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; HarmonyOS; Pura 70) AppleWebKit/537.36 Chrome/114 Mobile Safari/537.36 MicroMessenger/8.0"
)
PC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126"
PAD = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E148 Safari/604.1"


def seat(jia, agent=PC):
    client = browser(jia)
    client.defaults["HTTP_USER_AGENT"] = agent
    assert sign_in(client, LEARNER).status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [(PHONE, ("PHONE", "鸿蒙", "微信")), (PC, ("COMPUTER", "Windows", "Edge")), (PAD, ("TABLET", "iPad", "Safari")), ("", ("COMPUTER", "", "")),
     ("<script>", ("COMPUTER", "", ""))],
)  # fmt: skip
def test_a_device_is_told_by_what_its_browser_says(agent, words):
    assert devices.told_by(agent) == words


@pytest.mark.req("R2.1")
def test_lists_where_one_is_signed_in_and_this_device_first(staff, jia):
    seat(jia, PHONE)
    page = seat(jia).get("/me").content.decode()
    assert page.index("电脑 · Windows · Edge") < page.index("手机 · 鸿蒙 · 微信")
    assert page.count("这台设备") >= 1
    assert "127.0.0.1" not in page


def test_one_device_is_ended_and_the_others_stay(staff, jia):
    lost, here = seat(jia, PHONE), seat(jia)
    with enterprise_scope(jia):
        row = Device.objects.get(kind="PHONE")
    assert here.post("/me/devices/end", {"device": row.uuid}).status_code == 302
    assert (is_in(lost), is_in(here)) == (False, True)


def test_all_others_are_ended_at_once(staff, jia):
    others, here = [seat(jia, PHONE), seat(jia, PAD)], seat(jia)
    assert here.post("/me/devices/end").status_code == 302
    assert [is_in(one) for one in [*others, here]] == [False, False, True]


def test_nobody_ends_the_device_of_somebody_else(staff, jia, manager):
    mine = seat(jia)
    with enterprise_scope(jia):
        row = Device.objects.get(credential=Credential.objects.by_login(LEARNER))
    assert manager.post("/me/devices/end", {"device": row.uuid}).status_code == 404
    assert is_in(mine)


def test_signing_out_takes_the_device_off_the_list(staff, jia):
    gone, here = seat(jia, PHONE), seat(jia)
    gone.post("/sign-out")
    assert "微信" not in here.get("/me").content.decode()


def test_a_new_password_signs_the_others_out_and_keeps_this_one(staff, jia):
    other, here = seat(jia, PHONE), seat(jia)
    words = {"old": PASSWORD, "new_password": "tiger-climbs-9", "repeat": "tiger-climbs-9"}
    assert here.post("/password", words).status_code == 302
    assert (is_in(other), is_in(here)) == (False, True)
    page = here.get("/me").content.decode()
    assert "这台设备" in page
    assert "微信" not in page


def test_last_seen_moves_on_and_costs_nothing_in_between(staff, jia):
    with time_machine.travel("2026-11-23T04:00:00Z", tick=False) as clock:
        client = seat(jia)
        client.get("/me")
        clock.shift(timedelta(minutes=5))
        with CaptureQueriesContext(connection) as seen:
            client.get("/me")
        assert not any("people_device" in q["sql"] and q["sql"].startswith("UPDATE") for q in seen)
        clock.shift(timedelta(minutes=15))
        client.get("/me")
    with enterprise_scope(jia):
        row = Device.objects.get()
    assert row.last_seen - row.first_seen == timedelta(minutes=20)


@pytest.mark.req("R5.7")
def test_a_manager_ends_all_of_a_learner_and_history_tells(staff, jia, manager, neighbour):
    theirs = [seat(jia, PHONE), seat(jia)]
    assert neighbour.get(f"/console/people/{staff.uuid}/way-in").status_code == 404
    assert neighbour.post(f"/console/people/{staff.uuid}/way-in/do", {"do": "end"}).status_code == 404
    assert all(is_in(one) for one in theirs)
    assert "鸿蒙" in manager.get(f"/console/people/{staff.uuid}/way-in").content.decode()
    assert manager.post(f"/console/people/{staff.uuid}/way-in/do", {"do": "end"}).status_code == 302
    assert not any(is_in(one) for one in theirs)
    with enterprise_scope(jia):
        assert Change.objects.get(action="signed_out").changes == {"devices": ["2", "0"]}


def test_a_number_changed_by_a_manager_ends_the_devices(staff, jia, manager):
    theirs = seat(jia)
    words = {"name": "学员甲", "mobile": "13800000033", "role": "CY"}
    assert manager.post(f"/console/people/{staff.uuid}", words).status_code == 302
    assert not is_in(theirs)
    with enterprise_scope(jia):
        assert Device.objects.filter(ended_at=None, credential__name="学员甲").count() == 0
