"""Pure rules of exams: how a whole paper is marked. What a single question earns is said by `public.questions`."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from public.questions import api as questions

GRACE = timedelta(seconds=30)
"""An answer may still arrive this long after the clock ran out (slow networks); later ones are refused."""


def mark(paper: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """Return (score 0-100, number of right answers) of a paper without texts; the score is cut and never rounded up."""
    given = [(item, answers.get(str(item["no"]), [])) for item in paper]
    earned = sum(questions.mark(item, response) or 0 for item, response in given)
    right = sum(questions.is_right(item, response) for item, response in given)
    return earned * 100 // sum(questions.worth(item) for item in paper), right
