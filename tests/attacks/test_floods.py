"""Too many, too large, too strange: bursts, beacons, numbers at the edge."""

import json

import pytest

from apps.learning.models import StudySession
from public.audit.models import Beat
from tests.attacks.script import sign

pytestmark = pytest.mark.req("R2.3")


def test_a_burst_of_beats_in_one_moment_earns_nothing(cheat, sitting, settle):
    sitting.play()
    for _ in range(50):
        sitting.position_ms += 1_400
        sitting.say()
    settle("50 beats in one moment, each within the slack", alert="no_time", defence="an interval pays its clock time at most")


def test_the_same_beacon_forty_times_is_one_beat(cheat, sitting, settle):
    sitting.play()
    cheat.wait(15)
    cheat.saw(sitting, 0, 15_000)
    beacon = sign(sitting.claim(position_ms=15_000), sitting.key)
    first, *others = [sitting.post(beacon).json() for _ in range(40)]
    assert all(reply == first for reply in others)
    assert Beat.objects.filter(session=sitting.opened["session"]).count() == 2
    settle("sendBeacon flood with one beat", defence="a repeated beat is answered from memory")


ODD = [
    {"position_ms": 2_000_000_001},
    {"position_ms": -1},
    {"position_ms": 2**63},
    {"position_ms": 15_000.5},
    {"position_ms": True},
    {"position_ms": "15000"},
    {"mono_ms": 2**53},
    {"mono_ms": 2**63},
    {"frames": 2**64},
    {"frames": -1},
    {"rate": float("nan")},
    {"rate": float("inf")},
    {"rate": -1},
    {"seq": 2**31},
    {"seq": -1},
    {"seq": 0},
    {"reason": "x" * 21},
    {"state": "PLAYING"},
    {"hidden": 0},
    {"guard": {"a": float("nan")}},
    {"guard": {"a": 2**60}},
    {"guard": []},
    {"probes": {"a": 1e400}},
    {"credited_ms": 900_000},
    {"at": "2026-11-23T05:00:00Z"},
]


def test_rightly_signed_beats_with_odd_values_are_refused_and_change_nothing(cheat, sitting, settle):
    sitting.play()
    before = StudySession.objects.values().get(uuid=sitting.opened["session"])
    cheat.wait(15)
    answers = {str(odd): sitting.post(sign(sitting.claim(**odd), sitting.key)) for odd in ODD}
    assert {odd: answer.status_code for odd, answer in answers.items()} == dict.fromkeys(answers, 422)
    assert StudySession.objects.values().get(uuid=sitting.opened["session"]) == before
    settle(f"{len(ODD)} odd values, rightly signed", alert="invalid", defence="strict shapes; numbers that JSON carries exactly")


def test_numbers_at_the_edge_of_what_is_allowed_break_nothing(cheat, sitting, settle):
    sitting.play()
    for change in ({"position_ms": 2_000_000_000}, {"mono_ms": 2**53 - 1, "frames": 2**53 - 1}, {"rate": 64}, {"rate": 1e-300}):
        cheat.wait(15)
        answer = sitting.post(sign(sitting.claim(**change), sitting.key))
        assert answer.status_code == 200, answer.content
        sitting.seq, sitting.nonce = answer.json()["seq"], answer.json()["nonce"]
    settle(
        "numbers at the edge: positions of 23 days, clocks of 285,616 years",
        alert="too_fast",
        defence="whole ms, bounded, judged by the clock",
    )


def test_a_body_twice_as_large_as_a_beat_may_be_is_refused(cheat, sitting, settle):
    sitting.play()
    answer = sitting.post(sign(sitting.claim(guard={"a": "x" * 9_000}), sitting.key))
    assert answer.status_code == 413
    repeated = json.dumps(sitting.claim())[:-1] + ', "position_ms": 900000, "mac": "' + "0" * 64 + '"}'
    assert sitting.post(repeated.encode()).status_code == 409
    settle(
        "a huge beat, a beat that names a field twice",
        alert=("too_large", "bad_mac"),
        defence="8 kB at most; the MAC is over what was read",
    )
