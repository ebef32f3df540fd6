"""The card of the learner's home for an exam that has begun: its clock runs on while its page is closed."""

from datetime import datetime

from apps.exams.models import Attempt
from apps.exams.sitting import rules
from apps.plans.api import Duties, HomePart


def running(learner_id: int, found: Duties, at: datetime) -> HomePart | None:
    """Return the card of the exam that can still be answered; None when there is none."""
    open_ones = Attempt.objects.filter(learner_id=learner_id, submitted_at=None, due_at__gt=at)
    row = open_ones.only("assignment_id", "due_at").order_by("due_at").first()
    views = {task.id: task for task in found.views}
    view = views.get(row.assignment_id) if row else None
    if row is None or view is None:
        return None
    return HomePart("exams/_home.html", {"view": view, "left_s": rules.left_s(at, row.due_at)}, is_urgent=True)
