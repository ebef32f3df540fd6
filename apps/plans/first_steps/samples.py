"""Sample data that one can load and remove in one click: 示例 people, a unit, a plan.

Samples have no way in (`people.samples`), so they never learn, and nothing about them reaches ledger, feed or certificates. What is
removed is removed for good; what real people were mixed into stays.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from apps.people import api as people
from apps.plans import rules
from apps.plans.models import Assignment, PlanCourse, TrainingPlan
from infra.kit import clock

UNIT = "示例部门"
TITLE = "示例：新员工安全培训"
PEOPLE = (
    ("示例学员一", "操作工"),
    ("示例学员二", "焊工"),
    ("示例学员三", "叉车司机"),
    ("示例学员四", "电工"),
    ("示例学员五", "仓管员"),
)
SHARES = (95, 60, 30, 5, 0)
"""Percent of the hours that each has, in the order of ``PEOPLE``."""
HOURS = 4
DUE = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Removed:
    """What :func:`remove` did; ``kept``: what stayed because real people or other rows hang on it, by name."""

    people: int
    kept: list[str]


def are_there() -> bool:
    """Return whether samples are loaded."""
    return people.has_samples() or TrainingPlan.objects.filter(sample=True).exists()


@transaction.atomic
def load(*, by: str, at: datetime) -> None:
    """Load the samples.

    :param by: name of the manager
    :raises DomainError: 409 ``has_samples``
    """
    ids = people.add_samples(unit=UNIT, people=PEOPLE, at=at)
    plan = TrainingPlan.objects.create(
        title=TITLE,
        requirement_id=0,
        requirement_code="SAMPLE",
        requirement_title="示例",
        stage="INITIAL",
        basis="示例数据，不作为培训依据",
        hours_bound=True,
        required_ms=HOURS * rules.HOUR_MS,
        due_on=clock.shanghai_date(at) + DUE,
        exam_needed=False,
        opened_by=by,
        opened_at=at,
        sample=True,
    )
    Assignment.objects.bulk_create(
        Assignment(
            plan=plan,
            learner_id=learner_id,
            assigned_at=at,
            started_at=at if share else None,
            earned_ms=HOURS * rules.HOUR_MS * share // 100,
        )
        for learner_id, share in zip(ids, SHARES, strict=True)
    )


@transaction.atomic
def remove(*, at: datetime) -> Removed:
    """Remove the samples. Plans with real people, units with real people, and whatever other rows hang on, stay as ordinary ones."""
    kept = []
    ours = Assignment.objects.filter(learner__sample=True)
    for duty in ours.select_for_update(of=("self",)):
        if people.is_removable([duty], along=[Assignment]):
            duty.delete()
    for plan in TrainingPlan.objects.select_for_update().filter(sample=True):
        if people.is_removable(list(plan.courses.all()), along=[PlanCourse]) and not plan.assignments.exists():
            plan.courses.all().delete()
        if people.is_removable([plan], along=[TrainingPlan]):
            plan.delete()
        else:
            TrainingPlan.objects.filter(pk=plan.pk).update(sample=False)
            kept.append(plan.title)
    gone = people.remove_samples()
    return Removed(gone.people, [*kept, *gone.kept])
