"""Deadlines of appeals and who may do what when. Pure; every deadline is shown to the people concerned."""

from datetime import datetime, timedelta

FILE_WITHIN = timedelta(days=30)
"""How long after a void the learner may appeal."""
FIRST_WITHIN = timedelta(days=5)
"""Time that the manager has; after it the learner need not wait any longer."""
SECOND_WITHIN = timedelta(days=15)
"""How long after the manager's refusal the learner may go to the platform."""


def may_file(*, void_at: datetime, void_is_open: bool, has_appealed: bool, at: datetime) -> bool:
    """Say whether a void can still be appealed."""
    return void_is_open and not has_appealed and at <= void_at + FILE_WITHIN


def may_go_on(*, state: str, due_at: datetime, second_until: datetime | None, at: datetime) -> bool:
    """Say whether the learner may take the appeal to the platform: refused and in time, or left waiting past the deadline."""
    if state == "FIRST":
        return at > due_at
    return state == "UPHELD" and second_until is not None and at <= second_until
