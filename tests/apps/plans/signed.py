"""Ground of sign-off: a finished training, and a hand that writes."""

from __future__ import annotations

import json
from typing import Any

from apps.plans import api as plans
from apps.plans.signing import queries
from tests.apps.plans import ground

HAND = json.dumps([[[100 + 8 * n, 200 + (n % 7) * 15] for n in range(80)], [[300, 60], [320, 340]]])
"""Two strokes, as the page puts them into the form."""


def finished(
    n: int = 1, *, title: str = "新员工专项培训", code: str = "AQ-CY-S1", **more: Any
) -> tuple[Any, plans.AssignmentView]:
    """A learner who has completed a training without an exam; returns learner and duty."""
    someone = ground.learner(n, **more)
    version = ground.make_course(f"{code}-{n}")
    picked = plans.Who("picked", learner_ids=[someone.id])
    law = ground.requirement(code=f"CY-{code[-10:]}-{n}")
    ground.open_plan(picked, title=title, version_ids=[version], exam_needed=False, requirement_id=law)
    (duty,) = plans.assignments_of(someone.id)
    ground.learn_all(duty)
    assert plans.review_completion(learner_id=someone.id, at=ground.NOON) == [duty.id]
    (duty,) = plans.assignments_of(someone.id)
    return someone, duty


def form(someone: Any, duty: plans.AssignmentView, **changes: str) -> dict[str, str]:
    """What the page sends when somebody has written the name."""
    found = queries.record(duty.uuid, learner_id=someone.id)
    return {"do": "draw", "record": found.fingerprint, "strokes": HAND, "agree": "on", **changes}
