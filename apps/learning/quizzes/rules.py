"""Pure rules of quizzes: what a try came to, and what follows.

Nothing here earns time: answering tests is no learning time (exclusion rule (a)), and a course may be void until its test is done
(exclusion rule (e)).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from public.questions import api as questions

TRIES_AT_A_POINT = 2
"""Wrong answers at a point after which the passage is watched again, where answering again is allowed at all."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The next point of a film that a learner has not answered. ``from_ms``: where its passage begins.

    ``is_closed``: the last answer was wrong and the passage must be watched again before it is asked once more.
    """

    uuid: Any
    at_ms: int
    from_ms: int
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a try came to: ``right`` for each item, ``score`` in percent of all points, cut."""

    right: list[bool]
    score: int


def judge(items: Sequence[Mapping[str, Any]], responses: Sequence[Sequence[str]]) -> Result:
    """Mark all responses; an item without one is wrong, and so is a text, which only a person could judge."""
    given = [*responses, *([[]] * len(items))][: len(items)]
    earned = [questions.mark(item, response) or 0 for item, response in zip(items, given, strict=True)]
    worth = [int(item.get("score", 1)) for item in items]
    right = [points == most for points, most in zip(earned, worth, strict=True)]
    return Result(right, sum(earned) * 100 // max(1, sum(worth)))


def goes_back(on_wrong: str, failed: int) -> bool:
    """Say whether the film goes back to the start of its passage after the ``failed``-th wrong answer at a point."""
    return failed > 0 and (on_wrong == "back" or failed % TRIES_AT_A_POINT == 0)


def must_restudy(*, tries: int, failed: int, studied_ms: int, wanted_ms: int) -> bool:
    """Say whether a learner must study again before the next try: the allowed tries are used up.

    :param tries: how many are allowed in a row; 0: any number
    :param studied_ms: play since the last wrong try
    """
    return bool(tries and failed and failed % tries == 0 and studied_ms < wanted_ms)


def shows_keys(*, passed: bool, tries: int, failed: int) -> bool:
    """Say whether a learner may learn the keys of what was wrong: after the pass, or when the tries in a row are used up.

    :param tries: how many are allowed in a row; 0: any number
    :param failed: wrong tries so far
    """
    return passed or bool(tries and failed and failed % tries == 0)


def tries_left(tries: int, failed: int) -> int | None:
    """Return how many tries are left before studying again; None: any number."""
    return tries - failed % tries if tries else None
