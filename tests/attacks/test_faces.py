"""Against identity: clips that fit every challenge. The rules themselves, before any picture."""

from itertools import pairwise, product

import pytest

from apps.people.identity import rules

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
