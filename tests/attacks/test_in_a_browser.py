"""What published extensions and user scripts do, in a real Chromium before the served product. All cheats sit there at the same time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks.stage import Attack, Outcome, chromium_with_a_camera, served
from tests.attacks.table import Row, Table

pytestmark = [pytest.mark.req("R2.3"), pytest.mark.req("R2.4"), pytest.mark.req("R2.7")]
VIDEO = "const video = document.querySelector('video');"
CLOCK = "the server credits only intervals that it timed itself"

ATTACKS = (
    Attack(
        "playbackRate 4, set again every 30 ms",
        "the page sets it back; " + CLOCK,
        during=f"() => {{ {VIDEO} setInterval(() => {{ video.playbackRate = 4; }}, 30); }}",
    ),
    Attack(
        "own property `playbackRate` on the element that says 1, native setter says 4",
        CLOCK,
        during=f"""() => {{ {VIDEO}
            const real = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'playbackRate');
            Object.defineProperty(video, 'playbackRate', {{ get: () => 1, set() {{}}, configurable: true }});
            window.addEventListener('ratechange', (event) => event.stopImmediatePropagation(), true);
            real.set.call(video, 4); }}""",
        alerts=("too_fast",),
    ),
    Attack(
        "currentTime + 5 s every second, `seeking` kept from the page",
        CLOCK + "; positions beyond are pulled back",
        before="""for (const name of ['seeking', 'seeked', 'timeupdate'])
            window.addEventListener(name, (event) => event.stopImmediatePropagation(), true);""",
        during=f"() => {{ {VIDEO} setInterval(() => {{ video.currentTime += 5; }}, 1000); }}",
        alerts=("too_fast",),
    ),
    Attack(
        "setTimeout and setInterval 10x, Date and performance.now 10x (TimerHooker)",
        CLOCK,
        before="""
            const [wait, every, now, page] = [setTimeout, setInterval, Date.now, performance.now.bind(performance)];
            const [from, start] = [now(), page()];
            window.setTimeout = (work, ms, ...more) => wait(work, (ms ?? 0) / 10, ...more);
            window.setInterval = (work, ms, ...more) => every(work, (ms ?? 0) / 10, ...more);
            Date.now = () => from + (now() - from) * 10;
            performance.now = () => start + (page() - start) * 10;
            for (const hooked of [window.setTimeout, window.setInterval, Date.now, performance.now])
                hooked.toString = () => 'function () { [native code] }';""",
        during=f"() => {{ {VIDEO} setInterval(() => {{ video.currentTime += 1; }}, 1000); }}",
    ),
    Attack(
        "the browser's clock an hour ahead and running backwards",
        CLOCK,
        before="const now = Date.now; const from = now(); Date.now = () => from + 3600_000 - (now() - from);",
    ),
    Attack(
        "instant complete: forged `ended` events and a shortened film",
        "complete = 99 % of the film's time covered; no call completes",
        during=f"""() => {{ {VIDEO}
            Object.defineProperty(video, 'duration', {{ get: () => 1 }});
            Object.defineProperty(video, 'ended', {{ get: () => true }});
            Object.defineProperty(video, 'currentTime', {{ get: () => 90, set() {{}} }});
            setInterval(() => video.dispatchEvent(new Event('ended')), 2000); }}""",
        alerts=("too_fast",),
    ),
    Attack(
        "each beat sent ten times more, and again 3 s later (hooked fetch)",
        "a repeat gets the stored reply, an older beat 409",
        before="""const send = window.fetch; window.fetch = function (url, how) {
            if (String(url).endsWith('/beats'))
                for (let n = 0; n < 10; n += 1) for (const ms of [0, 3000]) setTimeout(() => send(url, how).catch(() => {}), ms);
            return send(url, how); };""",
    ),
    Attack(
        "positions in beats multiplied on their way out (hooked fetch)",
        "the MAC covers the position",
        alerts=("bad_mac",),
        before="""const send = window.fetch; window.fetch = function (url, how) {
            if (String(url).endsWith('/beats')) {
                const beat = JSON.parse(how.body); beat.position_ms *= 3;
                how = { ...how, body: JSON.stringify(beat) };
            }
            return send(url, how); };""",
    ),
    Attack(
        "a hundred beacons with the last beat (hooked fetch)",
        "a repeated beat is answered from memory",
        before="""const send = window.fetch; window.fetch = function (url, how) {
            const answer = send(url, how);
            if (String(url).endsWith('/beats'))
                answer.then(() => { for (let n = 0; n < 100; n += 1) navigator.sendBeacon(url, how.body); }).catch(() => {});
            return answer; };""",
    ),
    Attack("two tabs with two lessons", "one open session per learner: the newest wins", alerts=("closed",), tabs=2),
)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """Let all attacks run at once."""
    with served(tmp_path_factory.mktemp("attacks"), len(ATTACKS)) as stage, chromium_with_a_camera() as browser:
        yield stage.play(browser, ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_gains_nothing_in_a_real_browser(outcomes: dict[str, Outcome], table: Table, attack: Attack) -> None:
    found = outcomes[attack.name]
    real, credited = (0, found.confirmed_ms) if attack.pretends else (found.watched_ms, found.counted_ms)
    table.enter(Row(attack.name, "browser", real, credited, attack.alerts, attack.defence))
    assert set(attack.alerts) <= found.alerts
