"""What the learner's home shows of the book: what is due today."""

from datetime import datetime

from apps.exams.mistakes import queries
from apps.plans.api import Duties, HomePart


def due_today(learner_id: int, found: Duties, at: datetime) -> HomePart | None:
    """Return the card of what is due; None when nothing is."""
    due = queries.due_count(learner_id, at=at)
    return HomePart("exams/mistakes/_home.html", {"due": due}) if due else None
