"""Pure rules: what a burst of frames proves. Thresholds were measured for SFace (decision 0014); no clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import mul
from statistics import median

from apps.people.ports import Look

PROOF_LASTS = timedelta(hours=12)
CHALLENGE_LASTS, PRESENCE_LASTS = timedelta(seconds=30), timedelta(seconds=60)
"""A presence check has to be noticed first, and its own deadline is 60 s."""
MOST_FRAMES, MOST_BYTES, MOST_SIDE = 15, 200_000, 2_000
SAME_PHOTO_ID = 0.40
"""Least likeness of the enrolled face with the photo of the ID card."""
PASS, GREY = 0.45, 0.36
"""Likeness with the enrolled face: passes; below it once more, then a person; below GREY it fails."""
TURNED = 0.25
"""Least likeness while the head is turned: strangers stay below 0.2 on average, and turned heads lose some of their own."""
REUSED, RESENT_BITS = 0.93, 10
"""Likeness and bits of difference at which a picture counts as one that we have seen before."""
STILL = 0.6
"""Mean change of brightness (0-255) between frames below which nothing moved: even a resting camera's noise changes more."""
FROZEN = 0.1
"""Change below which two frames are one: no camera repeats itself, a sequence of pictures does."""
YAW_TURNED, YAW_STRAIGHT = 0.42, 0.28
HELD = 2
"""Frames in a row that make a pose held."""
MOST_BLANK = 2
"""Frames of a burst in which a blurred face may be missing."""
LEAST_WIDTH = 0.12
"""Share of the picture's width a face must fill."""
FAILURES, FAILURES_WITHIN, REST = 5, timedelta(minutes=15), timedelta(minutes=10)
"""So many failures within the time let the face rest; the code still opens."""

POSES: dict[str, tuple[float, float]] = {
    "left": (YAW_TURNED, 9.0),
    "right": (-9.0, -YAW_TURNED),
    "straight": (-YAW_STRAIGHT, YAW_STRAIGHT),
}
"""Range of yaw of each pose."""


@dataclass(frozen=True, slots=True)
class Known:
    """One picture that was seen before: its feature and fingerprint."""

    feature: tuple[float, ...]
    fingerprint: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a burst was judged. ``best`` is the number of the frame that is worth keeping, -1 where none is."""

    outcome: str
    score: float | None
    flags: tuple[str, ...]
    best: int = -1


def likeness(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine of two features of length one."""
    return float(sum(map(mul, one, other)))


def bits_apart(one: int, other: int) -> int:
    """Return how many of 256 bits differ."""
    return (one ^ other).bit_count()


def poses_met(yaws: Sequence[float | None], actions: Sequence[str]) -> bool:
    """Say whether each pose was held in the order asked for, and no turn besides: a clip that turns every way answers no challenge.

    :param yaws: of each frame, None where there is no face
    """
    turns = [action for action in actions if action != "straight"]
    return _in_order(yaws, actions) and [pose for pose in held_poses(yaws) if pose != "straight"] == turns


def _in_order(yaws: Sequence[float | None], actions: Sequence[str]) -> bool:
    frame = 0
    for action in actions:
        held = 0
        while held < HELD:
            if frame >= len(yaws):
                return False
            held = held + 1 if _pose(yaws[frame]) == action else 0
            frame += 1
    return True


def held_poses(yaws: Sequence[float | None]) -> list[str]:
    """Return the poses that were held, in order; one that wavers and goes on is one."""
    found: list[str] = []
    for pose, run in groupby(map(_pose, yaws)):
        if pose and len(list(run)) >= HELD and found[-1:] != [pose]:
            found.append(pose)
    return found


def _pose(yaw: float | None) -> str:
    """Return the pose of a frame, "" for a head that is between two or not there."""
    return next((name for name, (least, most) in POSES.items() if yaw is not None and least <= yaw <= most), "")


def is_still(looks: Sequence[Look]) -> bool:
    """Say whether a burst shows one unmoving picture, or a few of them: photos in front of, or instead of, the camera."""
    changes = [look.change for look in looks[1:]]
    frozen = sum(change < FROZEN for change in changes)
    return bool(changes) and (max(changes) < STILL or frozen * 3 >= len(changes))


def seen_before(looks: Sequence[Look], known: Sequence[Known]) -> tuple[str, ...]:
    """Return ``resent`` where the very picture came before, ``reused`` where it is too like one; pictures of one person differ more."""
    flags = set()
    for look in looks:
        for old in known:
            if bits_apart(look.fingerprint, old.fingerprint) <= RESENT_BITS:
                flags.add("resent")
            if likeness(look.feature, old.feature) >= REUSED:
                flags.add("reused")
    return tuple(sorted(flags))


def judge(
    looks: Sequence[Look],
    *,
    template: Sequence[float],
    known: Sequence[Known],
    actions: Sequence[str] = (),
    had_retry: bool = False,
    is_resent: bool = False,
) -> Verdict:
    """Judge a burst against an enrolled face.

    :param known: the enrolled photo and what was kept of earlier bursts
    :param actions: poses that were asked for; none means a plain snapshot
    :param had_retry: the person has already taken the picture again for the same thing
    :param is_resent: a frame equals one of an earlier burst byte by byte
    """
    seen = _seen(looks, actions)
    if isinstance(seen, Verdict):
        return seen
    straight, flags = seen
    scores = {number: likeness(looks[number].feature, template) for number in straight}
    score, best = median(scores.values()), max(scores, key=lambda number: scores[number])
    again = seen_before([looks[number] for number in straight], known)
    flags |= {*again, *(("resent",) if is_resent else ())}
    if "resent" in flags:
        return Verdict("fail", score, tuple(sorted(flags)), best)
    if not _one_person(looks, template, scores):
        flags.add("other_person" if max(scores.values()) < GREY else "swapped")
        return Verdict("fail", score, tuple(sorted(flags)), best)
    grey = "review" if had_retry else "retry"
    outcome = "review" if "reused" in flags else "pass" if score >= PASS else grey
    return Verdict(outcome, score, tuple(sorted(flags)), best)


def judge_enrolment(looks: Sequence[Look], *, actions: Sequence[str], id_photo: Look | None, is_resent: bool = False) -> Verdict:
    """Judge the burst of an enrolment: alive, one person throughout, and the one of the ID card where its photo came along."""
    seen = _seen(looks, actions, alone=True)
    if isinstance(seen, Verdict):
        return seen
    straight, flags = seen
    best = max(straight, key=lambda number: looks[number].sharpness)
    template = looks[best].feature
    if is_resent or not _one_person(looks, template, {number: likeness(looks[number].feature, template) for number in straight}):
        return Verdict("fail", None, tuple(sorted(flags | {"resent" if is_resent else "swapped"})), best)
    if id_photo is None:
        return Verdict("pass", None, tuple(sorted(flags)), best)
    if not id_photo.faces:
        return Verdict("retry", None, ("id_photo_no_face",), best)
    score = likeness(template, id_photo.feature)
    if score >= REUSED:
        return Verdict("review", score, ("reused",), best)
    outcome = "pass" if score >= SAME_PHOTO_ID else "review" if score >= GREY else "fail"
    return Verdict(outcome, score, tuple(sorted(flags | (set() if outcome == "pass" else {"id_photo_differs"}))), best)


def _seen(looks: Sequence[Look], actions: Sequence[str], *, alone: bool = False) -> tuple[list[int], set[str]] | Verdict:
    """Return the numbers of the frames that look straight and what was noticed, or the verdict where nothing can be compared."""
    faces = [look for look in looks if look.faces]
    if len(looks) - len(faces) > MOST_BLANK or not faces:
        return Verdict("retry", None, ("no_face",))
    flags = {"several_faces"} if any(look.faces > 1 for look in looks) else set()
    if alone and flags:
        return Verdict("retry", None, ("several_faces",))
    if median(look.width for look in faces) < LEAST_WIDTH:
        return Verdict("retry", None, ("too_far",))
    if len(looks) > 1 and is_still(looks):
        return Verdict("fail", None, ("still",))
    if actions and not poses_met([look.yaw if look.faces else None for look in looks], actions):
        return Verdict("retry", None, ("poses",))
    straight = [number for number, look in enumerate(looks) if look.faces and abs(look.yaw) <= YAW_STRAIGHT]
    return (straight, flags) if straight else Verdict("retry", None, ("not_straight",))


def _one_person(looks: Sequence[Look], template: Sequence[float], straight: dict[int, float]) -> bool:
    """Say whether every frame shows the enrolled person, turned ones too: nobody changes places after the poses."""
    if min(straight.values()) < GREY:
        return False
    return all(likeness(look.feature, template) >= TURNED for look in looks if look.faces)
