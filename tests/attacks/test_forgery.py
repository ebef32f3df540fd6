"""Forged, repeated and stolen: MACs, numbers, whole sessions, other people's sessions, the device's cookie."""

import hashlib
import json

import pytest

from apps.learning.models import StudySession
from apps.learning.terminals import COOKIE
from public.audit.models import Beat
from tenants.scope import enterprise_scope
from tests.apps.learning.conftest import B
from tests.attacks.script import Browser, Cheat, Sitting, sign

pytestmark = pytest.mark.req("R2.3")
MAC = "the MAC is keyed per session; 409, nothing changes"


def untouched(sitting):
    row = StudySession.objects.get(uuid=sitting.opened["session"])
    return row.seq, row.last_at, row.accepted_ms, row.credited_ms, row.last_state, row.nonce


@pytest.mark.parametrize("key", [b"", b"d_yHJ!$pdA~5", b"zzpttjd", bytes(32)])
def test_a_key_that_is_the_same_for_everybody_signs_nothing(cheat, sitting, settle, key):
    sitting.play()
    before = untouched(sitting)
    cheat.wait(15)
    assert sitting.post(sign(sitting.claim(position_ms=15_000), key)).status_code == 409
    assert untouched(sitting) == before
    settle(f"MAC under a published or empty key ({key.decode(errors='replace')[:12]!r})", alert="bad_mac", defence=MAC)


@pytest.mark.parametrize(
    "change", [{"position_ms": 15_000}, {"state": "ended"}, {"hidden": False}, {"seq": 3}, {"rate": 2}, {"guard": {}}]
)
def test_a_signed_beat_that_was_changed_is_refused(cheat, sitting, settle, change):
    sitting.play()
    before = untouched(sitting)
    cheat.wait(15)
    signed = sign(sitting.claim(hidden=True), sitting.key)
    assert sitting.post({**signed, **change}).status_code == 409
    assert untouched(sitting) == before
    settle(f"a signed beat changed in flight: {next(iter(change))}", alert="bad_mac", defence=MAC)


def test_mac_by_another_algorithm_is_refused(cheat, sitting, settle):
    sitting.play()
    cheat.wait(15)
    plain = sitting.claim(position_ms=15_000)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    doubled = hashlib.md5(text.encode()).hexdigest() * 2  # noqa: S324 - what the forged platform used
    assert sitting.post({**plain, "mac": doubled}).status_code == 409
    assert sitting.post({**plain, "mac": hashlib.sha256(text.encode()).hexdigest()}).status_code == 409
    settle("MAC by MD5 or without a key", alert="bad_mac", defence=MAC)


@pytest.mark.parametrize(
    ("change", "alert"), [({"nonce": "0" * 32}, "wrong_nonce"), ({"seq": 9}, "wrong_seq"), ({"seq": 1}, "wrong_seq")]
)
def test_numbers_and_nonces_cannot_be_chosen(cheat, sitting, settle, change, alert):
    sitting.play()
    sitting.watch(15)
    before = untouched(sitting)
    cheat.wait(15)
    assert sitting.post(sign(sitting.claim(position_ms=30_000, **change), sitting.key)).status_code == 409
    assert untouched(sitting) == before
    settle(
        f"rightly signed, wrong {next(iter(change))} {next(iter(change.values()))}", alert=alert, defence="one-time nonce chain"
    )


def test_repeating_every_beat_of_the_session_changes_nothing(cheat, sitting, settle):
    sitting.play()
    sent = []
    for _ in range(4):
        cheat.wait(15)
        cheat.saw(sitting, sitting.position_ms, sitting.position_ms + 15_000)
        sitting.position_ms += 15_000
        sent.append(sign(sitting.claim(), sitting.key))
        sitting.say()
    before = untouched(sitting)
    cheat.wait(15)
    answers = [sitting.post(beat).status_code for beat in sent for _ in range(3)]
    assert answers == [409] * 9 + [200] * 3
    assert untouched(sitting) == before
    assert Beat.objects.filter(session=sitting.opened["session"]).count() == 5
    settle("replay of every beat, three times", alert="wrong_seq", defence="a repeat gets the stored reply, an older one 409")


def test_a_recorded_session_cannot_be_played_to_another_lesson(cheat, browser, settle):
    first = cheat.open(browser)
    first.play()
    recorded = []
    for _ in range(4):
        cheat.wait(15)
        cheat.saw(first, first.position_ms, first.position_ms + 15_000)
        first.position_ms += 15_000
        recorded.append(sign(first.claim(), first.key))
        first.say()
    _, school = next(iter(cheat.places.values()))
    second = cheat.open(browser, school.second)
    second.play()
    for beat in recorded:
        cheat.wait(15)
        assert second.post(beat).status_code == 409
    settle("a recorded session played to another lesson", alert="bad_mac", defence=MAC)


def test_an_ended_session_earns_nothing_under_its_wiped_key(cheat, sitting, settle):
    sitting.play()
    sitting.watch(15)
    sitting.close()
    for key in (b"", sitting.key):
        cheat.wait(15)
        assert sitting.post(sign(sitting.claim(position_ms=30_000), key)).status_code == 409
    settle(
        "beats of an ended session, under the empty key and the old one",
        alert="closed",
        defence="ended is final, the key is wiped",
    )


@pytest.fixture
def victim(clock, ground, school) -> Sitting:
    """学员乙 who honestly watches on a device of their own."""
    honest = Cheat(clock, mobile=B["mobile"])
    sitting = honest.open(honest.device(ground.jia, ground.other))
    sitting.play()
    sitting.watch(30)
    return sitting


def as_if(cheat: Cheat, browser: Browser, victim: Sitting, **changes) -> Sitting:
    """Drive somebody else's session from one's own browser."""
    return Sitting(cheat, browser, {**victim.opened, **changes}, victim.courseware, victim.seq, victim.nonce, victim.position_ms)


def test_another_learners_session_id_opens_nothing(cheat, browser, victim, settle):
    mine = cheat.open(browser)
    thief = as_if(cheat, browser, victim, key=mine.opened["key"])
    before = untouched(victim)
    cheat.wait(15)
    assert thief.say(position_ms=45_000)["code"] == "wrong_terminal"
    assert [browser.get(f"{thief.path}/{what}").status_code for what in ("playlist.m3u8", "keys/0", "pages", "0.m3u8")] == [
        404
    ] * 4
    assert thief.close().status_code == 404
    assert untouched(victim) == before
    settle("another learner's session id", alert="wrong_terminal", defence="terminal, then MAC; reads are the owner's only (404)")


def test_with_the_terminals_cookie_stolen_the_key_is_still_missing(cheat, browser, victim, settle):
    mine = cheat.open(browser)
    browser.http.cookies[COOKIE] = victim.browser.http.cookies[COOKIE].value
    thief = as_if(cheat, browser, victim, key=mine.opened["key"])
    before = untouched(victim)
    cheat.wait(15)
    assert thief.say(position_ms=45_000)["code"] == "bad_mac"
    assert untouched(victim) == before
    settle("another learner's session with their device's cookie stolen", alert="bad_mac", defence=MAC)


def test_studying_under_a_stolen_device_ends_the_owners_session_and_adds_nothing(cheat, browser, victim, settle):
    browser.http.cookies[COOKIE] = victim.browser.http.cookies[COOKIE].value
    assert cheat.try_to_open(browser).json()["code"] == "identity_required"
    cheat.show_phone(browser)
    mine = cheat.open(browser)
    mine.play()
    mine.watch(30)
    victim.say(position_ms=45_000)
    assert (victim.reply["code"], victim.reply["reason"]) == ("closed", "terminal_taken")
    assert victim.cheat.counted_ms == 30_000
    defence = "a proof is for one learner on one terminal; one open session per terminal, the owner is told at once"
    settle("studying under another device's stolen cookie", alert="identity_required", defence=defence)


@pytest.mark.parametrize("forge", ["plain", "cut", "other_salt", "other_name"])
def test_a_forged_device_cookie_is_no_device(cheat, browser, settle, forge):
    good = browser.http.cookies[COOKIE].value
    name, rest = good.split(":", 1)
    browser.http.cookies[COOKIE] = {
        "plain": name,
        "cut": good[:-2],
        "other_salt": f"{name}:{browser.http.cookies['sessionid'].value}",
        "other_name": f"{'f' * 32}:{rest}",
    }[forge]
    assert cheat.try_to_open(browser).status_code == 409
    assert not StudySession.objects.exists()
    settle(f"a forged device cookie ({forge})", alert="no_terminal", defence="the cookie is signed; no device, no session")


def test_a_planted_device_cookie_lets_two_people_end_each_other_and_no_more(cheat, browser, ground, clock, settle):
    planted = browser.http.cookies[COOKIE].value
    victim = Cheat(clock, mobile=B["mobile"])
    device = victim.device(ground.jia, ground.other)
    device.http.cookies[COOKIE] = planted
    device.visit(f"/learn/{ground.other.assignment.uuid}/{ground.other.first}")
    victim.show_phone(device)
    mine = cheat.open(browser)
    mine.play()
    theirs = victim.open(device)
    theirs.play()
    cheat.wait(15)
    assert mine.say(position_ms=15_000)["reason"] == "terminal_taken"
    thief = as_if(cheat, browser, theirs, key=mine.opened["key"])
    assert thief.say(position_ms=15_000)["code"] == "bad_mac"
    settle(
        "a device cookie planted in somebody's browser",
        alert=("closed", "bad_mac"),
        defence="it names a device; it signs nothing",
    )


def test_the_neighbour_enterprise_knows_no_such_session(cheat, sitting, ground, settle):
    sitting.play()
    there = cheat.device(ground.yi, ground.elsewhere)
    there.http.cookies[COOKIE] = sitting.browser.http.cookies[COOKIE].value
    before = untouched(sitting)
    cheat.wait(15)
    lost = Sitting(cheat, there, sitting.opened, sitting.courseware, sitting.seq, sitting.nonce, 15_000)
    assert lost.say()["code"] == "not_found"
    with enterprise_scope(ground.jia):
        assert untouched(sitting) == before
    settle(
        "the session's id at the neighbour enterprise", alert="not_found", defence="sessions live in the enterprise's own schema"
    )
