"""Single fields of learners: what a list changes in place, and what it changes for many at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.people import history, recording, services
from apps.people.models import Learner, Membership, Unit
from apps.people.shapes import LearnerView, learner_view


def change_fields(*, learner_uuid: UUID, at: datetime, by: int | None = None, seen: str = "", **changes: Any) -> LearnerView:
    """Change single fields and leave the others as they are.

    :param changes: any of ``unit_id``, ``position``, ``employee_no``, ``role``, ``employment``, ``trade``, ``education``, ``fitness``,
        ``fitness_on``
    :raises DomainError: 404 ``not_found``; 409 ``changed_meanwhile``
    """
    with transaction.atomic():
        row = services.locked(learner_uuid)
        history.refuse_outdated(row, seen)
        before = history.facts(row)
        for name, value in changes.items():
            if name not in CHANGEABLE:
                raise ValueError(name)
            setattr(row, name, CHANGEABLE[name](value))
        row.save(update_fields=list(changes))
        if "unit_id" in changes:
            row = services.locked(learner_uuid)
            Membership.objects.filter(learner=row, unit=row.unit).delete()
        if not recording.noted(row, "changed", before, by, at):
            return learner_view(row)
        return recording.announced(row, at)


CHANGEABLE: dict[str, Callable[[Any], Any]] = {
    "unit_id": lambda value: Unit.objects.get(pk=value, archived_at=None).pk,
    "position": lambda value: str(value).strip()[:60],
    "employee_no": lambda value: str(value).strip()[:30],
    "role": Learner.Role,
    "employment": lambda value: Learner.Employment(value) if value else "",
    "trade": lambda value: str(value).strip()[:40],
    "education": lambda value: Learner.Education(value) if value else "",
    "fitness": lambda value: Learner.Fitness(value) if value else "",
    "fitness_on": lambda value: value,
}
"""What single changes may touch, and how a value is read; a wrong one is a ValueError."""
