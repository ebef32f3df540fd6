"""Lays a checked list beside the people there are: who is new, who changes, whose number is taken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from apps.people import rules
from apps.people.models import Learner, Manager
from apps.people.roster.checks import Draft
from apps.people.roster.problems import Problem
from infra.kit import identity
from tenants.api import Credential, login_key

_AT_ONCE = 2_000


@dataclass(slots=True)
class Match:
    """One row and whom it means. ``credential`` is a way in that exists already (a manager who will learn)."""

    draft: Draft
    person_key: str
    mobile_index: str
    learner: Learner | None = None
    credential: Credential | None = None


@dataclass(slots=True)
class Matched:
    """A whole list against the database."""

    matches: list[Match] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def match(drafts: Sequence[Draft]) -> Matched:
    """Find everybody of the list in a handful of queries; drafts without ID or mobile number are left out."""
    found = Matched([_keys(draft) for draft in drafts if draft.id_number and draft.mobile])
    known = _learners(m.person_key for m in found.matches)
    holders = _holders(m.mobile_index for m in found.matches)
    managers = _managers(login_key(m.draft.mobile) for m in found.matches)
    for one in found.matches:
        one.learner = known.get(one.person_key)
        manager = managers.get(login_key(one.draft.mobile))
        if problem := _clash(one, holders.get(one.mobile_index), manager):
            found.problems.append(problem)
        elif manager and one.learner is None:
            one.credential = manager.credential
    return found


def _some(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _keys(draft: Draft) -> Match:
    return Match(draft, rules.person_key(draft.id_number), rules.mobile_index(draft.mobile))


def _clash(one: Match, holder: tuple[int, str] | None, manager: Manager | None) -> Problem | None:
    row, ours = one.draft.row, one.learner
    if holder and (ours is None or holder[0] != ours.pk):
        return Problem(row, "mobile", "mobile_taken", {"name": identity.mask_name(holder[1])})
    moves = ours is not None and ours.mobile_index != one.mobile_index
    if manager and (manager.name != one.draft.name or moves):
        return Problem(row, "mobile", "mobile_taken", {"name": identity.mask_name(manager.name)})
    if moves and ours is not None and hasattr(ours.credential, "manager"):
        return Problem(row, "mobile", "mobile_manager")
    return None


def _learners(keys: Iterable[str]) -> dict[str, Learner]:
    found: dict[str, Learner] = {}
    for some in _some(keys):
        rows = Learner.objects.select_related("unit", "credential__manager").filter(person_key__in=some)
        found.update((row.person_key, row) for row in rows)
    return found


def _holders(indexes: Iterable[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for some in _some(indexes):
        rows = Learner.objects.filter(mobile_index__in=some).values_list("mobile_index", "pk", "name")
        found.update((index, (pk, name)) for index, pk, name in rows)
    return found


def _managers(keys: Iterable[str]) -> dict[str, Manager]:
    found: dict[str, Manager] = {}
    for some in _some(keys):
        rows = Manager.objects.select_related("credential").filter(credential__login_key__in=some)
        found.update((row.credential.login_key, row) for row in rows)
    return found
