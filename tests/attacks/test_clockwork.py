"""Against the clock: faster films, jumps, hurried timers, wrong clocks. By a script that speaks the protocol."""

from datetime import timedelta

import pytest

from tests.attacks.script import FILM_MS
from tests.conftest import NOON

pytestmark = [pytest.mark.req("R2.3"), pytest.mark.req("R2.7"), pytest.mark.req("R3.5")]


def test_a_film_at_double_speed_earns_nothing(sitting, settle):
    sitting.play()
    for _ in range(8):
        sitting.run(15, rate=2)
        sitting.position_ms = sitting.reply["accepted_ms"]
    settle("playbackRate 2", alert="too_fast", defence="an interval faster than the server's clock + 2 % + 1.5 s pays 0")


@pytest.mark.parametrize("rate", [1.5, 4, 16])
def test_a_lying_rate_earns_nothing(sitting, settle, rate):
    sitting.play()
    sitting.run(120, rate=rate)
    settle(f"playbackRate {rate} said to be 1", alert="too_fast", defence="what the player says of its rate decides nothing")


def test_creeping_ahead_within_the_slack_never_beats_the_clock(cheat, sitting, settle):
    cheat.present = True
    sitting.play()
    for n in range(40):
        cheat.wait(15)
        cheat.saw(sitting, n * 15_000, (n + 1) * 15_000)
        sitting.position_ms = min(sitting.reply["accepted_ms"] + 16_700, sitting.position_ms + 16_700)
        sitting.say()
    settle("1.11x, always within the slack of one interval", defence="an interval pays its clock time at most")


def test_the_slack_is_not_won_again_by_a_new_session(cheat, browser, settle):
    for n in range(10):
        sitting = cheat.open(browser)
        sitting.play()
        cheat.wait(5)
        sitting.position_ms += 6_500
        sitting.say("paused")
        cheat.saw(sitting, n * 5_000, (n + 1) * 5_000)
        sitting.close()
    settle("the slack of 1.5 s in each of ten sessions", defence="pay ≤ elapsed time, in every interval")


@pytest.mark.parametrize("way", ["playing", "paused", "ended"])
def test_a_jump_forward_earns_nothing(cheat, sitting, settle, way):
    sitting.play()
    sitting.watch(30)
    sitting.say("paused" if way == "paused" else "playing")
    sitting.position_ms = FILM_MS if way == "ended" else 900_000
    sitting.say(way)
    sitting.say("playing")
    accepted = sitting.reply["accepted_ms"]
    cheat.wait(15)
    sitting.say("playing", position_ms=accepted + 15_000)
    cheat.saw(sitting, accepted, accepted + 15_000)
    assert accepted <= 30_000
    alert = "not_playing" if way == "paused" else "too_fast"
    settle(
        f"currentTime jumps 15 minutes ahead, {way}",
        alert=alert,
        defence="positions beyond the furthest accepted are pulled back",
    )


def test_watching_the_same_minute_ten_times_is_one_minute(cheat, sitting, settle):
    sitting.play()
    sitting.watch(60)
    for _ in range(9):
        sitting.say("paused")
        sitting.position_ms = 0
        sitting.say("paused", reason="seek")
        sitting.say()
        sitting.watch(60)
    settle("the same minute over and over", alert="covered", defence="credit is the measure of a set of media time")


def test_timers_made_fifteen_times_faster_earn_nothing(cheat, sitting, settle):
    sitting.play()
    for _ in range(60):
        cheat.wait(1)
        sitting.position_ms += 15_000
        sitting.say(mono_ms=sitting.position_ms)
    settle(
        "setInterval and media clock 15x (TimerHooker)", alert="too_fast", defence="only the server's clock measures an interval"
    )


def test_a_browser_clock_that_runs_ahead_earns_nothing(cheat, sitting, settle):
    sitting.play()
    for n in range(4):
        cheat.wait(1)
        sitting.position_ms += 600_000
        sitting.say(mono_ms=600_000 * n)
    settle("Date and performance.now hurried", alert="too_fast", defence="mono_ms is evidence and pays nothing")


def test_silence_is_not_paid_afterwards(cheat, sitting, settle):
    sitting.play()
    sitting.watch(30)
    cheat.wait(600)
    sitting.position_ms += 600_000
    sitting.say()
    settle("ten silent minutes claimed afterwards", alert="gap", defence="more than 40 s without a beat pays 0, and seeks back")


@pytest.mark.parametrize("back_s", [40, 3_600, 86_400])
def test_a_server_clock_set_back_earns_nothing(cheat, sitting, settle, back_s):
    sitting.play()
    sitting.watch(30)
    cheat.clock.move_to(NOON + timedelta(seconds=30 - back_s))
    for _ in range(2):
        sitting.position_ms += 15_000
        sitting.say()
    cheat.clock.move_to(NOON + timedelta(seconds=30))
    sitting.position_ms += 15_000
    sitting.say()
    defence = "a beat's moment is never before the last one's"
    settle(f"server clock set back {back_s} s and forward again", alert="too_fast", defence=defence)


def test_the_tail_of_a_day_is_not_paid_twice_over_midnight(cheat, browser, settle):
    cheat.clock.move_to(NOON.replace(hour=15, minute=59, second=50))
    sitting = cheat.open(browser)
    sitting.play()
    sitting.watch(20)
    cheat.clock.shift(-20)
    sitting.run(15)
    settle(
        "midnight crossed twice by a clock set back",
        alert="too_fast",
        defence="each day is debited for its own part, under a lock",
    )


def test_no_single_call_completes_a_lesson(cheat, browser, sitting, settle):
    for body in ({"state": "ended", "position_ms": FILM_MS, "reason": "ended"}, {"state": "ended", "position_ms": FILM_MS - 900}):
        sitting.say(**body)
    for word in ("complete", "finish", "progress", "credit"):
        assert browser.post(f"{sitting.path}/{word}", {"completed": True}).status_code == 404
    assert browser.post(f"{sitting.path}/close", {"reason": "completed"}).status_code == 422
    assert sitting.close("finished").status_code == 204
    again = cheat.open(browser)
    assert (again.opened["covered_ms"], again.opened["furthest_ms"]) == (0, 0)
    settle(
        "instant complete: forged `ended` and calls that should be there",
        alert="not_playing",
        defence="no such call; complete = 99 % covered",
    )
