"""Putting the written answers of a try into the queue."""

from datetime import datetime

from django.db import transaction

from apps.exams.marking import periods, rules
from apps.exams.marking.models import MarkTask
from apps.exams.models import Attempt
from infra.kit import clock
from public.questions import api as questions
from public.review import api as review


@transaction.atomic
def enqueue(*, attempt_id: int, at: datetime) -> int:
    """Put the written answers of a try into the queue; again and again the same. Returns how many are new.

    Called in the transaction that hands the try in.
    """
    row = Attempt.objects.get(pk=attempt_id)
    due_at = review.working_days_after(row.submitted_at or at, periods.on(clock.shanghai_date(at)).mark_days)
    wanted = [item for item in row.paper if questions.mark(item, row.answers.get(str(item["no"]), [])) is None]
    known = set(MarkTask.objects.filter(attempt=row).values_list("no", flat=True))
    fresh = [_task(row, item, due_at) for item in wanted if item["no"] not in known]
    MarkTask.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _task(row: Attempt, item: rules.Item, due_at: datetime) -> MarkTask:
    about = {**rules.named(rules.key_of(item)), "stem": str(item["stem"])[:200], "most": questions.worth(item)}
    return MarkTask(attempt=row, learner_id=row.learner_id, no=item["no"], due_at=due_at, **about)
