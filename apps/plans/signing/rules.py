"""Pure rules of signing: what is a signature, what is a name, what the learner declares."""

import json
import math
from collections.abc import Sequence
from itertools import pairwise

WIDTH, HEIGHT = 1000, 400
"""The field that a finger signs in, in its own units; the page scales to them."""
MOST_STROKES, MOST_POINTS, MOST_TEXT = 120, 6_000, 120_000
LEAST_INK, LEAST_SIDE = 300, 80
"""A dot or a slip is no signature: so much line at least, and so wide or high at least."""
MOST_OBJECTIONS = 5
"""For one training; after that people should talk."""

STATEMENT = (
    "本人已逐项核对以上培训记录（培训内容、学时、起止时间、考核结果），确认由本人亲自参加学习和考核，记录属实，"
    "同意以电子签名签署，与手写签名或者盖章具有同等的法律效力。"
)
"""What is signed; always Chinese, as the record is. A new wording is a new constant: rows and ledger keep the one that was read."""

Stroke = list[tuple[int, int]]


def strokes(text: str) -> list[Stroke]:
    """Read ``[[[x, y], …], …]``, strokes of whole-number points inside the field; [] for anything else. Never raises."""
    if not 0 < len(text) <= MOST_TEXT:
        return []
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_STROKES or not all(isinstance(line, list) for line in raw):
        return []
    if sum(map(len, raw)) > MOST_POINTS or not all(_is_point(point) for line in raw for point in line):
        return []
    return [[(point[0], point[1]) for point in line] for line in raw if line]


def _is_point(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    if any(type(number) is not int for number in value):
        return False
    return bool(0 <= value[0] <= WIDTH and 0 <= value[1] <= HEIGHT)


def is_signature(drawn: Sequence[Stroke]) -> bool:
    """Say whether strokes are enough to be somebody's hand and not a slip of the finger."""
    points = [point for line in drawn for point in line]
    if not points:
        return False
    ink = sum(math.dist(one, other) for line in drawn for one, other in pairwise(line))
    across, down = ([point[axis] for point in points] for axis in (0, 1))
    return ink >= LEAST_INK and max(max(across) - min(across), max(down) - min(down)) >= LEAST_SIDE


def is_own_name(typed: str, name: str) -> bool:
    """Say whether the typed name is the one on the books; white space and the dot of some names do not count."""
    return bool(name) and _plain(typed) == _plain(name)


def _plain(name: str) -> str:
    return "".join(name.replace("·", "").replace("•", "").split()).casefold()
