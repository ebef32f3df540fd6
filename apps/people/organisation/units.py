"""The tree of units: add, rename, move, dissolve. A unit never hangs below itself, and only an empty one is dissolved."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from apps.people import events, history
from apps.people.belonging import Units, below
from apps.people.models import Change, Learner, Manager, Membership, Unit
from infra.kit.errors import DomainError

MOST_LEVELS = 8


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree. ``own``: people of the unit itself, further ones too; ``total``: with everything below it."""

    id: int
    name: str
    parent_id: int | None
    depth: int
    own: int
    total: int
    has_children: bool


def tree(*, within: Units = None) -> list[Node]:
    """Return the units that are not dissolved, each before what is below it, by name; three queries however many.

    :param within: units that the asker sees
    """
    rows = list(Unit.objects.filter(archived_at=None).order_by("name", "pk"))
    if within is not None:
        rows = [row for row in rows if row.pk in within]
    here = {row.pk for row in rows}
    children: dict[int | None, list[Unit]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in here else None, []).append(row)
    counts = _counts()
    found: list[Node] = []

    def walk(parent: int | None, depth: int) -> int:
        total = 0
        for row in children.get(parent, []):
            at, own = len(found), counts.get(row.pk, 0)
            found.append(Node(row.pk, row.name, row.parent_id, depth, own, own, row.pk in children))
            sum_below = walk(row.pk, depth + 1)
            found[at] = Node(row.pk, row.name, row.parent_id, depth, own, own + sum_below, row.pk in children)
            total += own + sum_below
        return total

    walk(None, 0)
    return found


def _counts() -> dict[int, int]:
    active = Learner.objects.filter(status=Learner.Status.ACTIVE, unit__isnull=False)
    main = dict(active.values_list("unit_id").annotate(n=Count("id")))
    members = Membership.objects.filter(learner__status=Learner.Status.ACTIVE)
    for unit_id, n in members.values_list("unit_id").annotate(n=Count("id")):
        main[unit_id] = main.get(unit_id, 0) + n
    return main


def unit(unit_id: int, *, within: Units = None) -> Unit:
    """Return one unit.

    :raises DomainError: 404 ``not_found``
    """
    row = Unit.objects.select_related("parent").filter(pk=unit_id).first()
    if row is None or (within is not None and row.pk not in within):
        raise DomainError("not_found", _("没有找到这个部门，可能已被移除或不在您的范围内。"), status=404)
    return row


@transaction.atomic
def add(*, name: str, parent_id: int | None, by: int, at: datetime) -> Unit:
    """Add a unit below another one, or at the top; a dissolved one of that name comes back.

    :raises DomainError: ``unit_name``, ``too_deep``; 404 ``not_found``; 409 ``unit_taken``
    """
    rows = _locked()
    name, parent = _name(name), _parent(rows, parent_id)
    _refuse_depth(rows, parent_id, 1)
    same = next((row for row in rows.values() if row.parent_id == parent_id and row.name == name), None)
    if same is not None and same.archived_at is None:
        raise _taken()
    row = same or Unit(name=name, parent=parent)
    row.archived_at = None
    row.save()
    _note(row, "added", {}, _facts(row, rows), by=by, at=at)
    return row


@transaction.atomic
def change(*, unit_id: int, name: str, parent_id: int | None, by: int, at: datetime) -> Unit:
    """Rename a unit, move it with everything below it, or both.

    :raises DomainError: ``unit_name``, ``too_deep``; 404 ``not_found``; 409 ``under_itself``, ``unit_taken``
    """
    rows = _locked()
    row = _one(rows, unit_id)
    name = _name(name)
    _parent(rows, parent_id)
    mine = below(unit_id, ((one.pk, one.parent_id) for one in rows.values()))
    if parent_id in mine:
        raise DomainError("under_itself", _("不能把部门移到它自己或它的下级部门里。"), status=409, field="parent")
    _refuse_depth(rows, parent_id, _height(rows, unit_id))
    if any(one.parent_id == parent_id and one.name == name and one.pk != unit_id for one in rows.values()):
        raise _taken()
    before, moved = _facts(row, rows), row.parent_id != parent_id
    row.name, row.parent_id = name, parent_id
    row.save(update_fields=["name", "parent"])
    if moved:
        events.tell_learners_changed()
    _note(row, "moved" if moved else "changed", before, _facts(row, rows), by=by, at=at)
    return row


@transaction.atomic
def dissolve(*, unit_id: int, by: int, at: datetime) -> None:
    """Archive an empty unit: nobody on the books in it, nothing below it, no supervisor. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``; 409 ``unit_not_empty``
    """
    rows = _locked()
    row = _one(rows, unit_id)
    if row.archived_at is not None:
        return
    active = Q(status=Learner.Status.ACTIVE) & (Q(unit_id=unit_id) | Q(memberships__unit_id=unit_id))
    is_used = (
        any(one.parent_id == unit_id and one.archived_at is None for one in rows.values())
        or Learner.objects.filter(active).exists()
        or Manager.objects.filter(unit_id=unit_id, left_at=None).exists()
    )
    if is_used:
        words = _("部门里还有人员、下级部门或部门主管，请先移走再归档。")
        raise DomainError("unit_not_empty", words, status=409)
    row.archived_at = at
    row.save(update_fields=["archived_at"])
    _note(row, "archived", {"status": "ACTIVE"}, {"status": "ARCHIVED"}, by=by, at=at)


def _locked() -> dict[int, Unit]:
    """Lock and return all units: two moves at once could hang two units below each other."""
    return {row.pk: row for row in Unit.objects.select_for_update().order_by("pk")}


def _one(rows: dict[int, Unit], unit_id: int) -> Unit:
    if unit_id not in rows:
        raise DomainError("not_found", _("没有找到这个部门，可能已被移除或不在您的范围内。"), status=404)
    return rows[unit_id]


def _parent(rows: dict[int, Unit], parent_id: int | None) -> Unit | None:
    parent = None if parent_id is None else _one(rows, parent_id)
    if parent is not None and parent.archived_at is not None:
        raise DomainError("not_found", _("上级部门已归档，请选择其他部门。"), status=404, field="parent")
    return parent


def _name(name: str) -> str:
    name = " ".join(name.replace("/", " ").replace("／", " ").split())
    if not 1 <= len(name) <= 60:
        raise DomainError("unit_name", _("请填写部门名称，不超过 60 个字。"), field="name")
    return name


def _refuse_depth(rows: dict[int, Unit], parent_id: int | None, height: int) -> None:
    depth, here = 0, parent_id
    while here is not None and depth <= MOST_LEVELS:
        depth, here = depth + 1, rows[here].parent_id
    if depth + height > MOST_LEVELS:
        words = _("部门最多 %(n)d 级，请选择更高一级的部门。") % {"n": MOST_LEVELS}
        raise DomainError("too_deep", words, field="parent")


def _height(rows: dict[int, Unit], unit_id: int) -> int:
    children = [one.pk for one in rows.values() if one.parent_id == unit_id]
    return 1 + max((_height(rows, child) for child in children), default=0)


def _taken() -> DomainError:
    return DomainError("unit_taken", _("这里已经有同名的部门，请换一个名称或位置。"), status=409, field="name")


def _facts(row: Unit, rows: dict[int, Unit]) -> dict[str, str]:
    return {"name": row.name, "parent": rows[row.parent_id].name if row.parent_id is not None else ""}


def _note(row: Unit, action: str, before: dict[str, str], after: dict[str, str], *, by: int, at: datetime) -> None:
    history.note(Change.Kind.UNIT, row.pk, name=row.name, action=action, before=before, after=after, by=by, at=at)
