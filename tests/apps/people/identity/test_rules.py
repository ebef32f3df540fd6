"""What a burst proves, without a picture: the thresholds at their edges."""

import math

import pytest

from apps.people.identity import liveness
from apps.people.identity.rules import Known, judge, judge_enrolment, poses_met
from apps.people.ports import Look

TEMPLATE = (1.0, *([0.0] * 127))


def look(likeness=0.9, *, yaw=0.0, change=8.0, faces=1, width=0.3, fingerprint=0, sharpness=1.0):
    """A look at somebody who is so like the template."""
    feature = (likeness, math.sqrt(1 - likeness**2), *([0.0] * 126)) if faces else ()
    return Look(faces, width, yaw, feature, fingerprint, change, sharpness)


def verdict(looks, **more):
    return judge(looks, **{"template": TEMPLATE, "known": [], **more})


@pytest.mark.parametrize(
    ("score", "had_retry", "outcome"),
    [
        (0.45, False, "pass"),
        (0.449, False, "retry"),
        (0.449, True, "review"),
        (0.36, True, "review"),
        (0.359, False, "fail"),
        (0.1, True, "fail"),
    ],
)
def test_grey_scores_are_tried_once_more_and_then_go_to_a_person(score, had_retry, outcome):
    assert verdict([look(score)], had_retry=had_retry).outcome == outcome


def test_one_frame_of_somebody_else_spoils_the_burst():
    assert verdict([look(), look(), look(0.35)]).flags == ("swapped",)
    assert verdict([look(), look(0.24, yaw=0.8), look()]).outcome == "fail"
    assert verdict([look(), look(0.26, yaw=0.8), look()]).outcome == "pass", "turned heads lose some of their likeness"


def test_more_than_two_frames_without_a_face_are_taken_again():
    blank = look(faces=0)
    assert verdict([look(), blank, blank, look()]).outcome == "pass"
    assert verdict([look(), blank, blank, blank, look()]).flags == ("no_face",)


def test_far_away_and_never_straight_are_taken_again():
    assert verdict([look(width=0.11)]).flags == ("too_far",)
    assert verdict([look(yaw=0.5), look(yaw=-0.5)]).flags == ("not_straight",)


def test_company_in_the_picture_is_noted_and_refused_when_enrolling():
    assert verdict([look(faces=2)]).flags == ("several_faces",)
    assert judge_enrolment([look(faces=2)], actions=(), id_photo=None).outcome == "retry"


def test_a_still_burst_fails_and_a_resting_person_does_not():
    still = [look(change=0.5)] * 4
    assert verdict(still).flags == ("still",)
    assert verdict([look(change=0.7)] * 4).outcome == "pass"
    assert verdict([look(), look(change=0), look(change=0), look(change=60)]).flags == ("still",), "photos in a row"


@pytest.mark.parametrize(("bits", "outcome"), [(10, "fail"), (11, "pass")])
def test_the_same_photo_again_fails(bits, outcome):
    known = [Known((0.0,) * 127 + (1.0,), 2**bits - 1)]
    assert verdict([look()], known=known).outcome == outcome


@pytest.mark.parametrize(("likeness", "outcome"), [(0.93, "review"), (0.929, "pass")])
def test_a_photo_too_like_an_earlier_one_goes_to_a_person(likeness, outcome):
    assert verdict([look(likeness)], known=[Known(TEMPLATE, 2**256 - 1)]).outcome == outcome


@pytest.mark.parametrize(
    ("likeness", "outcome"), [(0.40, "pass"), (0.399, "review"), (0.36, "review"), (0.359, "fail"), (0.95, "review")]
)
def test_the_photo_of_the_id_card_decides_at_its_own_threshold(likeness, outcome):
    burst = [look(1.0), look(1.0, sharpness=2.0)]
    assert judge_enrolment(burst, actions=(), id_photo=look(likeness)).outcome == outcome


def test_poses_are_held_for_two_frames_in_the_order_asked_for():
    left, right, straight = 0.6, -0.6, 0.0
    assert poses_met([left, left, straight, straight, right, right], ["left", "straight", "right"])
    assert poses_met([0.3, left, left, None, straight, 0.4, straight, straight], ["left", "straight"])
    assert not poses_met([right, right, straight, straight], ["left", "straight"])
    assert not poses_met([left, straight, left, straight, straight], ["left", "straight"]), "a glance is not held"
    assert not poses_met([straight, straight, left, left], ["left", "straight"])


def test_challenges_differ_and_always_ask_for_a_straight_and_a_turned_face():
    drawn = {tuple(liveness.draw(3)) for _n in range(300)}
    assert len(drawn) == 10, "all orders of three poses without two alike in a row that show the face straight"
    assert all("straight" in poses and {"left", "right"} & set(poses) for poses in drawn)
