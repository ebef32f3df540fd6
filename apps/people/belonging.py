"""Who belongs where: subtrees of units, and which rows about learners a manager may see. One query, however deep the tree is."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from apps.people.models import Learner, Membership, Unit

Units = frozenset[int] | None
"""Ids of units; None means all, and people without a unit too."""


def subtree(unit_id: int) -> frozenset[int]:
    """Return the ids of a unit and of everything below it, in one query; a unit that is not there is alone."""
    return below(unit_id, Unit.objects.values_list("pk", "parent_id"))


def below(unit_id: int, tree: Iterable[tuple[int, int | None]]) -> frozenset[int]:
    """Return ``unit_id`` and all below it.

    :param tree: (id, id of the parent)
    """
    children: dict[int | None, list[int]] = {}
    for child, parent in tree:
        children.setdefault(parent, []).append(child)
    found, waiting = {unit_id}, [unit_id]
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def belongs(units: Units, field: str = "") -> Q:
    """Return the condition that a learner's main or a further unit is one of ``units``; always true for None.

    :param field: what leads from the filtered rows to the learner, e.g. ``learner``; "" for learners themselves
    """
    if units is None:
        return Q()
    further = Membership.objects.filter(unit_id__in=units).values("learner_id")
    main, key = (f"{field}__unit_id__in", f"{field}_id__in") if field else ("unit_id__in", "pk__in")
    return Q(**{main: units}) | Q(**{key: further})


def real(field: str = "") -> Q:
    """Return the condition that a learner is a person and no sample: whatever counts, reports or exports people says so.

    :param field: as in :func:`belongs`
    """
    return Q(**{f"{field}__sample" if field else "sample": False})


@dataclass(frozen=True, slots=True)
class UnitNode:
    """One unit within the tree."""

    id: int
    name: str
    parent_id: int | None
    is_archived: bool
    is_sample: bool


def unit_tree() -> dict[int, UnitNode]:
    """Return all units by id, dissolved ones too, in one query."""
    rows = Unit.objects.order_by("name", "pk").values_list("pk", "name", "parent_id", "archived_at", "sample")
    return {pk: UnitNode(pk, name, parent, archived is not None, sample) for pk, name, parent, archived, sample in rows}


def is_within(learner: UUID, units: Units) -> bool:
    """Return whether a learner of this enterprise belongs to one of ``units``; without a query for None."""
    return units is None or Learner.objects.filter(belongs(units), uuid=learner).exists()


def join_units(row: Learner, unit_ids: Iterable[int]) -> None:
    """Make exactly these the further units of a learner; the main one is not among them, unknown ones are left out."""
    wanted = set(Unit.objects.filter(pk__in=set(unit_ids) - {row.unit_id}, archived_at=None).values_list("pk", flat=True))
    row.memberships.exclude(unit_id__in=wanted).delete()
    Membership.objects.bulk_create([Membership(learner=row, unit_id=pk) for pk in wanted], ignore_conflicts=True)
