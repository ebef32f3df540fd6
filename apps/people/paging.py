"""Learners for other systems: a page by the place of the last one, one that fits a word, a change of some fields."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.people import queries, services
from apps.people.belonging import real
from apps.people.models import Learner
from apps.people.shapes import LearnerView, learner_view
from infra.kit.errors import DomainError

CHANGEABLE = frozenset({"name", "mobile", "unit_path", "position", "employee_no", "role", "employment"})


def learners_after(place: int, *, limit: int, unit_id: int | None = None, role: str = "", status: str = "") -> list[LearnerView]:
    """Return the next learners by place (``id``), at most ``limit``: no samples, nobody whose data are only kept. One query, two with a unit.

    :param status: ACTIVE, ARCHIVED, "" for both
    """
    rows = queries.search(unit_id=unit_id, role=role, status=status, hides_restricted=True).filter(real(), pk__gt=place)
    return [learner_view(row) for row in rows.order_by("pk")[:limit]]


def learners_about(text: str, *, limit: int) -> list[LearnerView]:
    """Return the learners that fit part of a name, an employee number, or a whole mobile or ID number, by name; as :func:`learners_after`."""
    if not text.strip():
        return []
    rows = queries.search(text=text, status="", sort="name", hides_restricted=True).filter(real())
    return [learner_view(row) for row in rows[:limit]]


def withheld() -> list[UUID]:
    """Return of whom other systems get nothing: samples, and people whose data are only kept (PIPL arts. 44, 47). One query; they are few."""
    return list(Learner.objects.exclude(real(), restricted_at=None).values_list("uuid", flat=True))


def open_learner(learner_uuid: UUID) -> LearnerView:
    """Return one learner that daily work may see.

    :raises DomainError: 404 ``not_found``, also for samples and for somebody whose data are only kept
    """
    view = queries.learner_by_uuid(learner_uuid)
    if view.is_sample or view.is_restricted:
        raise DomainError("not_found", _("没有找到这位学员，可能已被移除或不属于本单位。"), status=404)
    return view


@transaction.atomic
def change_learner(*, learner_uuid: UUID, changes: Mapping[str, str], at: datetime, by: int | None = None) -> LearnerView:
    """Change the named fields of a learner and leave the others as they are.

    :param changes: of `CHANGEABLE`; ``unit_path`` such as ``生产部/一车间`` is made where missing, "" takes the unit away
    :raises DomainError: as `services.update_learner`; 404 ``not_found``
    :raises ValueError: another field
    """
    if not set(changes) <= CHANGEABLE:
        raise ValueError(f"not to be changed: {sorted(set(changes) - CHANGEABLE)}")
    open_learner(learner_uuid)
    row: Learner = services.locked(learner_uuid)
    moves = "unit_path" in changes
    return services.update_learner(
        learner_uuid=learner_uuid,
        name=changes.get("name", row.name),
        mobile=changes.get("mobile", ""),
        unit_id=None if moves else row.unit_id,
        unit_path=changes.get("unit_path", ""),
        position=changes.get("position", row.position),
        employee_no=changes.get("employee_no", row.employee_no),
        role=changes.get("role", row.role),
        employment=changes.get("employment"),
        at=at,
        by=by,
    )
