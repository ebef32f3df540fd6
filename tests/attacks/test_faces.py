"""Against identity: clips that fit every challenge, photos, bursts sent again, other faces, stolen challenges. Public pictures only."""

import base64
from itertools import pairwise, product

import pytest
from django.test import TestCase

from apps.learning import voiding
from apps.people.identity import judging, rules
from apps.people.identity.models import FaceCheck, Liveness
from infra.kit import clock as server
from tests import faces
from tests.apps.learning.conftest import B
from tests.apps.people.identity.ground import ENROL, OPEN, enrol
from tests.attacks.script import Cheat

YAW = {"left": 0.9, "right": -0.9, "straight": 0.0}


def challenges(length):
    orders = product(YAW, repeat=length)
    return [order for order in orders if "straight" in order and all(one != other for one, other in pairwise(order))]


@pytest.mark.req("R2.1")
@pytest.mark.parametrize("length", [2, 3])
def test_one_clip_that_turns_every_way_answers_no_challenge(length):
    turning = ("left", "straight", "right", "left", "straight", "right", "left")
    clip = [YAW[pose] for pose in turning for _ in range(2)]
    assert len(clip) <= rules.MOST_FRAMES
    met = [order for order in challenges(length) if rules.poses_met(clip, order)]
    assert not met, f"{len(met)} of {len(challenges(length))} challenges are met by one recorded clip: {met}"


@pytest.mark.parametrize("length", [2, 3])
def test_who_does_as_asked_still_meets_every_challenge(length):
    for order in challenges(length):
        between = 0.35  # a head on its way
        frames = [0.1, 0.1] + [yaw for pose in order for yaw in (between, YAW[pose], YAW[pose], between, YAW[pose], YAW[pose])]
        assert rules.poses_met(frames[:15], order[:2])
        assert rules.poses_met([0.0, *(yaw for pose in order for yaw in (YAW[pose],) * 3)], order)


@pytest.fixture
def faced(cheat, browser, school, settings, tmp_path):
    """学员甲 has enrolled a face elsewhere; on this device nothing is proven. What the browser hands in is judged as a worker does."""
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    enrol(school.learner.id)
    browser.show = lambda frames, **body: _show(cheat, browser, frames, **body)
    return browser


def challenge(browser, purpose="open"):
    """Draw poses over HTTP, again and again until they begin and end turned as the clips at hand do."""
    found = browser.post("/api/identity/liveness", {"purpose": purpose}).json()
    Liveness.objects.filter(uuid=found["challenge"]).update(actions=list(OPEN))
    return found["challenge"]


def _show(cheat, browser, frames, **body):
    """Hand frames in over HTTP; return the outcome and what it was for, or the code of the refusal."""
    coded = [base64.b64encode(frame).decode() for frame in frames]
    answer = browser.post("/api/identity/faces", {"purpose": "open", "frames": coded, **body}).json()
    if "code" in answer:
        cheat.alerts.add(answer["code"])
        return answer["code"], []
    judging.judge(answer["check"], at=server.now())
    told = browser.get(f"/api/identity/faces/{answer['check']}").json()
    flags = FaceCheck.objects.get(uuid=answer["check"]).flags
    cheat.alerts |= {told["outcome"], *flags}
    assert not {"score", "flags", "frames", "photo"} & set(told), "nothing that would teach a forger comes back"
    return told["outcome"], flags


def still(name, count=9):
    """One photo, compressed a little differently each time."""
    return [faces.jpeg(faces.portrait(name), quality=90 - n) for n in range(count)]


@pytest.mark.req("R2.1")
def test_no_picture_that_was_sent_before_or_does_not_move_opens_a_lesson(cheat, faced, ground, settle):
    alive = faces.burst(list(OPEN), straight="obama3")
    assert faced.show(still("obama3"), challenge=challenge(faced)) == ("fail", ["still"])
    assert faced.show(alive, challenge=challenge(faced))[0] == "pass"
    assert cheat.try_to_open(faced).status_code == 201, "the enrolled person in motion opens it"
    phone = cheat.device(ground.jia, ground.school)
    moved, enrolled = faces.burst(list(OPEN), straight="obama3", start=9), faces.burst([*ENROL[1:], "left"])
    for again in (alive, moved, enrolled):
        assert _show(cheat, phone, again, challenge=challenge(phone))[0] in {"fail", "review", "retry"}
    assert cheat.try_to_open(phone).json()["code"] == "identity_required"
    alert = ("still", "resent", "reused", "identity_required")
    settle(
        "a still photo; a burst sent again, also moved and lightened",
        alert=alert,
        defence="motion, digests, fingerprints, likeness",
        pretends=True,
    )


@pytest.mark.req("R2.1")
def test_no_other_face_and_no_burst_without_its_own_challenge_opens_a_lesson(cheat, faced, ground, clock, settle):
    alive = faces.burst(list(OPEN), straight="obama3")
    used = challenge(faced)
    assert faced.show(faces.burst(list(OPEN), straight="biden"), challenge=used)[0] == "fail"
    assert faced.show(alive, challenge=used)[0] == "challenge_spent"
    expired = challenge(faced)
    cheat.wait(31)
    assert faced.show(alive, challenge=expired)[0] == "challenge_spent"
    other = Cheat(clock, mobile=B["mobile"]).device(ground.jia, ground.other)
    assert faced.show(alive, challenge=challenge(other))[0] == "challenge_spent"
    assert faced.show(alive, challenge=None)[0] == "invalid"
    for odd in ([], [b"no picture"], [b"\xff\xd8" + b"x" * 200_001], [alive[0]] * 16):
        assert faced.show(odd, challenge=challenge(faced))[0] == "frames_invalid"
    assert cheat.try_to_open(faced).json()["code"] == "identity_required"
    alert = ("fail", "challenge_spent", "frames_invalid", "identity_required")
    settle(
        "another face; challenges used, expired, another's, none; no pictures",
        alert=alert,
        defence="one burst for one challenge of 30 s",
        pretends=True,
    )


@pytest.mark.req("R2.1")
def test_poses_cannot_be_drawn_until_they_fit_a_clip(cheat, faced):
    def poses():
        return faced.post("/api/identity/liveness", {"purpose": "open"}).json()["actions"]

    drawn = [poses() for _ in range(20)]
    assert len(set(map(tuple, drawn))) == 1, "twenty orders to choose from"
    orders = set()
    for _ in range(8):
        found = faced.post("/api/identity/liveness", {"purpose": "open"}).json()
        orders.add(tuple(found["actions"]))
        Liveness.objects.filter(uuid=found["challenge"]).update(used_at=server.now())
        Liveness.objects.filter(used_at=None).delete()
    assert len(orders) > 1, "a new burst is asked for other poses"


@pytest.mark.req("R2.4")
def test_a_presence_check_by_face_takes_no_photo(cheat, faced, settle):
    assert faced.show(faces.burst(list(OPEN), straight="obama3"), challenge=challenge(faced))[0] == "pass"
    sitting = cheat.open(faced)
    sitting.play()
    while not sitting.reply["check"]:
        sitting.run(15)
    assert sitting.reply["check"]["kind"] == "face"
    photo = [base64.b64encode(frame).decode() for frame in still("obama_partial_face", 1)]
    assert sitting.answer(frames=photo)["code"] == "challenge_missing"
    shown = sitting.check()
    told = sitting.answer(frames=photo * 3, challenge=shown["challenge"])
    assert told["outcome"] == "pending", "a worker judges later; never passed meanwhile"
    with TestCase.captureOnCommitCallbacks(execute=True):
        judging.judge(FaceCheck.objects.latest("at").uuid, at=server.now())
    cheat.wait(120)
    voiding.settle_all_overdue(at=server.now())
    assert cheat.confirmed_ms == 0
    settle(
        "one photo in answer to a presence check",
        alert="challenge_missing",
        defence="held poses, also in a check; pending is never a pass",
        pretends=True,
    )
    assert cheat.counted_ms == 0
