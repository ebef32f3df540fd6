"""Posts of the enterprise with their hazards. A post is known by its name: lists of workers bring it in as text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from apps.people import events, history
from apps.people.belonging import Units, belongs
from apps.people.models import Change, Learner, Position
from apps.people.organisation.models import Hazard
from infra.kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class Post:
    """One post. ``id`` is None where people carry the name and nobody has written down its hazards."""

    id: int | None
    name: str
    hazards: list[str]
    note: str
    people: int


def posts(*, within: Units = None) -> list[Post]:
    """Return the posts, those of many people first; two queries however many.

    :param within: units whose people are counted; posts that only others carry as text are left out
    """
    counts: dict[str, int] = {}
    active = Learner.objects.filter(belongs(within), status=Learner.Status.ACTIVE).exclude(position="")
    for name, n in active.values_list("position").annotate(n=Count("id")):
        counts[name] = n
    rows = {row.name: row for row in Position.objects.filter(archived_at=None)}
    found = [
        Post(row.pk, row.name, [str(Hazard(code).label) for code in row.hazards], row.note, counts.get(row.name, 0))
        for row in rows.values()
    ]
    found += [Post(None, name, [], "", n) for name, n in counts.items() if name not in rows]
    return sorted(found, key=lambda post: (-post.people, post.name))


def position(position_id: int) -> Position:
    """Return one post.

    :raises DomainError: 404 ``not_found``
    """
    row = Position.objects.filter(pk=position_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个岗位，请从岗位列表重新进入。"), status=404)
    return row


@transaction.atomic
def write(*, position_id: int | None, name: str, hazards: Iterable[str], note: str, by: int, at: datetime) -> Position:
    """Write down a post, or change one: a new name goes to everybody who carries the old one.

    :raises DomainError: ``position_name``; 404 ``not_found``; 409 ``position_taken``
    """
    name, chosen = " ".join(name.split()), sorted(set(hazards) & set(Hazard.values))
    if not 1 <= len(name) <= 60:
        raise DomainError("position_name", _("请填写岗位名称，不超过 60 个字。"), field="name")
    same = Position.objects.select_for_update().filter(name=name).first()
    row = _row(position_id, same)
    if same is not None and same != row:
        raise DomainError("position_taken", _("已经有同名的岗位，请直接修改那一个。"), status=409, field="name")
    before, old = (_facts(row), row.name) if row.pk else ({}, name)
    row.name, row.hazards, row.note, row.archived_at = name, chosen, note.strip()[:200], None
    row.save()
    if old != name:
        _rename(old, name, by, at)
    events.tell_learners_changed()
    action = "changed" if before else "added"
    history.note(Change.Kind.POSITION, row.pk, name=name, action=action, before=before, after=_facts(row), by=by, at=at)
    return row


def _row(position_id: int | None, same: Position | None) -> Position:
    if position_id is not None:
        return position(position_id)
    return same if same is not None and same.archived_at is not None else Position()


def _rename(old: str, new: str, by: int, at: datetime) -> None:
    people = list(Learner.objects.select_for_update().filter(position=old).order_by("pk"))
    Learner.objects.filter(pk__in=[row.pk for row in people]).update(position=new)
    history.note_many(((row, "changed", {"position": old}, {"position": new}) for row in people), by=by, at=at)


@transaction.atomic
def archive(*, position_id: int, by: int, at: datetime) -> None:
    """Take a post off the list; nobody on the books may carry it. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``; 409 ``position_used``
    """
    row = position(position_id)
    if row.archived_at is not None:
        return
    if Learner.objects.filter(position=row.name, status=Learner.Status.ACTIVE).exists():
        raise DomainError("position_used", _("还有在册人员在这个岗位，请先给他们换岗位再归档。"), status=409)
    row.archived_at = at
    row.save(update_fields=["archived_at"])
    facts = ({"status": "ACTIVE"}, {"status": "ARCHIVED"})
    history.note(Change.Kind.POSITION, row.pk, name=row.name, action="archived", before=facts[0], after=facts[1], by=by, at=at)


def _facts(row: Position) -> dict[str, str]:
    return {"name": row.name, "hazards": "、".join(str(Hazard(code).label) for code in row.hazards), "note": row.note}
