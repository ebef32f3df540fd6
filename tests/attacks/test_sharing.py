"""More than one at a time: tabs, devices, enterprises, people at one device."""

import pytest

from infra.kit import clock as server
from public.persons import api as persons
from tests.apps.learning.conftest import B
from tests.attacks.script import Cheat

pytestmark = [pytest.mark.req("R2.3"), pytest.mark.req("R3.5")]
DAY_MS = 21_600_000


def side_by_side(cheat, idle, busy, seconds=60):
    """Beat in both sessions for a while; somebody really watches ``busy``."""
    idle.play()
    busy.play()
    for _ in range(seconds // 15):
        start = busy.position_ms
        cheat.wait(15)
        for sitting in (idle, busy):
            sitting.position_ms += 15_000
            sitting.say()
        cheat.saw(busy, start, busy.position_ms)


@pytest.mark.parametrize("second", [False, True])
def test_two_tabs_earn_as_one(cheat, browser, school, settle, second):
    tabs = cheat.open(browser), cheat.open(browser, school.second if second else school.first)
    side_by_side(cheat, *tabs)
    settle(
        f"two tabs with {'two lessons' if second else 'one lesson'}",
        alert="closed",
        defence="one open session per learner: the newest wins",
    )


def test_two_devices_earn_as_one(cheat, browser, ground, settle):
    phone = cheat.device(ground.jia, ground.school)
    side_by_side(cheat, cheat.open(browser), cheat.open(phone, ground.school.second))
    settle("two terminals of one learner", alert="closed", defence="one open session per learner: the newest wins")


def test_two_enterprises_earn_as_one(cheat, browser, ground, settle):
    there = cheat.device(ground.yi, ground.elsewhere)
    side_by_side(cheat, cheat.open(browser), cheat.open(there))
    settle(
        "one person in two enterprises at once", alert="taken_over", defence="one lease per natural person over all enterprises"
    )


def test_jumping_between_two_enterprises_earns_the_clock_once(cheat, browser, ground, settle):
    there = cheat.device(ground.yi, ground.elsewhere)
    former = None
    for n in range(6):
        sitting = cheat.open((browser, there)[n % 2])
        sitting.play()
        sitting.watch(10)
        if former:
            former.say("paused", position_ms=former.position_ms + 10_000)
        former = sitting
    settle(
        "the lease taken back and forth every 10 s",
        alert="taken_over",
        defence="a session that lost its lease pays nothing, for good",
    )


def test_the_days_eight_hours_are_one_for_all_enterprises(cheat, browser, ground, settle):
    person, day = ground.school.learner.person_key, server.shanghai_date(server.now())
    persons.lock_day(person_key=person, day=day)
    persons.debit_day(person_key=person, day=day, ms=DAY_MS - 20_000, cap_ms=DAY_MS)
    sitting = cheat.open(browser)
    sitting.play()
    sitting.run(60)
    cheat.saw(sitting, 0, 20_000)
    there = cheat.device(ground.yi, ground.elsewhere)
    assert cheat.try_to_open(there).json()["code"] == "daily_limit"
    settle(
        "more than 8 学时 a day, in two enterprises",
        alert="daily_limit",
        defence="one row per person and day, debited under a lock",
    )


def test_two_people_at_one_device_earn_one_after_the_other(cheat, browser, ground, clock, settle):
    friend = Cheat(clock, mobile=B["mobile"])
    device = friend.device(ground.jia, ground.other)
    device.http.cookies["anxue_terminal"] = browser.http.cookies["anxue_terminal"].value
    friend.show_phone(device)
    mine, theirs = cheat.open(browser), friend.open(device)
    theirs.play()
    mine.play()
    theirs.watch(30)
    mine.say(position_ms=30_000)
    assert friend.counted_ms == 30_000
    settle("two learners at one device", alert="closed", defence="one open session per terminal")
