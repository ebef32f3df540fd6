"""Lays rows beside the people there are: who is new, who changes, whose number is taken. Writes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from apps.people import queries, rules, services
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
    problem: Problem | None = None
    differs: bool = True


def match(drafts: Iterable[Draft]) -> list[Match]:
    """Find everybody of the list in a handful of queries; drafts without ID or mobile number are left out."""
    matches = [_keys(draft) for draft in drafts if draft.id_number and draft.mobile]
    known = _learners(m.person_key for m in matches)
    holders = _holders(m.mobile_index for m in matches)
    managers = _managers(login_key(m.draft.mobile) for m in matches)
    units = Units()
    for one in matches:
        one.learner = known.get(one.person_key)
        manager = managers.get(login_key(one.draft.mobile))
        one.problem = _clash(one, holders.get(one.mobile_index), manager)
        one.differs = one.learner is None or _differs(one, one.learner, units)
        if manager and one.learner is None and not one.problem:
            one.credential = manager.credential
    return matches


class Units:
    """The units there are, found by the paths of a list as ``services.unit_of_path`` would; makes none."""

    def __init__(self) -> None:
        self.by_path: dict[str, int] = {path: pk for pk, path in queries.units()}
        self.by_name: dict[str, list[int]] = {}
        for path, pk in self.by_path.items():
            self.by_name.setdefault(path.rpartition("/")[2], []).append(pk)

    def find(self, path: str) -> int | None:
        """Return the id of the unit a path means, None when it is still to be made."""
        names = services.unit_names(path)
        same = self.by_name.get(names[0], []) if len(names) == 1 else []
        return same[0] if len(same) == 1 else self.by_path.get("/".join(names))

    def missing(self, paths: Iterable[str]) -> list[str]:
        """Return the paths for which units would be made, each once, in order."""
        return sorted({"/".join(services.unit_names(path)) for path in paths if path and self.find(path) is None} - {""})


def _some(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _keys(draft: Draft) -> Match:
    return Match(draft, rules.person_key(draft.id_number), rules.mobile_index(draft.mobile))


def _clash(one: Match, holder: tuple[int, str] | None, manager: Manager | None) -> Problem | None:
    row, ours = one.draft.row, one.learner
    if ours is not None and ours.name != one.draft.name:
        return Problem(row, "id_number", "id_of_another", {"name": identity.mask_name(ours.name)})
    if holder and (ours is None or holder[0] != ours.pk):
        return Problem(row, "mobile", "mobile_taken", {"name": identity.mask_name(holder[1])})
    moves = ours is not None and ours.mobile_index != one.mobile_index
    if manager and (manager.name != one.draft.name or moves):
        return Problem(row, "mobile", "mobile_taken", {"name": identity.mask_name(manager.name)})
    if moves and ours is not None and hasattr(ours.credential, "manager"):
        return Problem(row, "mobile", "mobile_manager")
    return None


def _differs(one: Match, row: Learner, units: Units) -> bool:
    """Whether writing the row would change the learner; empty cells keep what there is."""
    draft = one.draft
    given = [(getattr(draft, name), getattr(row, name)) for name in ("position", "employee_no", "role", "hired_on")]
    moved = row.mobile_index != one.mobile_index or not row.is_active
    unit = bool(services.unit_names(draft.unit)) and units.find(draft.unit) != row.unit_id
    return moved or unit or row.name != draft.name or any(new and new != old for new, old in given)


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


def ready(matches: Sequence[Match]) -> list[Match]:
    """Return those with whom nothing is wrong."""
    return [one for one in matches if one.problem is None]
