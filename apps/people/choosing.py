"""Which learners a rule means: by unit with everything below it, post, hazard of the post, role, or by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, QuerySet

from apps.people.belonging import belongs, below, real
from apps.people.models import Learner, Position, Unit
from apps.people.organisation.models import Hazard

ROLES = Learner.Role.choices
"""(code, words): how the law sorts people."""
ChoiceKind = Literal["ALL", "UNIT", "POSITION", "HAZARD", "ROLE", "LIST"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to mean people.

    :param unit_id: for ``UNIT``; people belong to it by their main or a further unit, or to one below it
    :param word: name of the post, code of the hazard, or role
    :param ids: learners of a ``LIST``
    """

    kind: ChoiceKind
    unit_id: int | None = None
    word: str = ""
    ids: tuple[int, ...] = ()


def chosen(choices: Iterable[Choice]) -> QuerySet[Learner]:
    """Return the learners on the books that any of the choices means, each once, without samples and those whose data are restricted; one more query where units are meant."""
    wanted = list(choices)
    tree = list(Unit.objects.values_list("pk", "parent_id")) if any(one.kind == "UNIT" for one in wanted) else []
    meant = Q(pk__in=[])
    for one in wanted:
        meant |= _meant(one, tree)
    return Learner.objects.filter(meant, real(), status=Learner.Status.ACTIVE, restricted_at=None)


def _meant(one: Choice, tree: Sequence[tuple[int, int | None]]) -> Q:
    if one.kind == "ALL":
        return Q(pk__isnull=False)
    if one.kind == "UNIT":
        return Q(pk__in=[]) if one.unit_id is None else belongs(below(one.unit_id, tree))
    if one.kind == "POSITION":
        return Q(position=one.word) & ~Q(position="")
    if one.kind == "HAZARD":
        posts = Position.objects.filter(hazards__contains=[one.word], archived_at=None)
        return Q(position__in=posts.values("name"))
    return Q(role=one.word) if one.kind == "ROLE" else Q(pk__in=one.ids)


def hazards() -> list[tuple[str, str]]:
    """Return (code, name) of the hazards that posts may have."""
    return [(code, str(label)) for code, label in Hazard.choices]
