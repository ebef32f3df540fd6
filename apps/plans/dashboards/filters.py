"""What a dashboard is asked about: a plan, a unit, a period. Everything stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import TrainingPlan
from apps.plans.ports import Span
from infra.kit import clock
from infra.kit.errors import DomainError

PERIODS = (7, 30, 90, 365)
"""Days that hours, exams and alerts may be shown for."""
USUAL = 30
Tree = dict[int, people.UnitNode]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked. ``within``: units whose people are counted, None for everybody; ``unit_id`` and ``plan`` are as chosen.

    ``seen``: units that the asker may choose among.
    """

    tree: Tree
    seen: people.Units
    within: people.Units
    unit_id: int | None
    plan: TrainingPlan | None
    days: int
    today: date

    @property
    def since(self) -> date:
        """First day of the period."""
        return self.today - timedelta(days=self.days - 1)

    @property
    def span(self) -> Span:
        """The same as moments."""
        begin, end = clock.shanghai_midnight(self.since), clock.shanghai_midnight(self.today + timedelta(days=1))
        return Span(begin, end, self.within, self.plan.pk if self.plan else None)

    @property
    def unit_name(self) -> str:
        """Name of the chosen unit, or ""."""
        return self.tree[self.unit_id].name if self.unit_id else ""

    @property
    def trail(self) -> list[people.UnitNode]:
        """The chosen unit and what the asker sees above it, topmost first."""
        found: list[people.UnitNode] = []
        here = self.unit_id
        while here in self.tree and (self.seen is None or here in self.seen) and len(found) <= len(self.tree):
            found.append(self.tree[here])
            here = self.tree[here].parent_id
        return found[::-1]

    def choices(self) -> list[tuple[int, str]]:
        """Return (id, path) of the units one may choose, in the order of their paths."""
        shown = (node for node in self.tree.values() if not node.is_archived and (self.seen is None or node.id in self.seen))
        return sorted(((node.id, path_of(self.tree, node.id)) for node in shown), key=lambda pair: pair[1])


def read(get: Mapping[str, str], *, within: people.Units, at: datetime) -> Filters:
    """Read what an address asks; nonsense counts as not asked. Two queries, one without a plan.

    :raises DomainError: 404 ``not_found``: a unit or plan that the asker does not see, or that is not there
    """
    tree = people.unit_tree()
    unit_id = _number(get.get("unit", ""))
    if unit_id is not None and (unit_id not in tree or (within is not None and unit_id not in within)):
        raise DomainError("not_found", _("没有找到这个部门，请从总览重新进入。"), status=404)
    chosen = within
    if unit_id is not None:
        below = people.below(unit_id, ((node.id, node.parent_id) for node in tree.values()))
        chosen = below if within is None else below & within
    days = _number(get.get("days", ""))
    plan = _plan(get.get("plan", ""), within)
    return Filters(tree, within, chosen, unit_id, plan, days if days in PERIODS else USUAL, clock.shanghai_date(at))


def path_of(tree: Tree, unit_id: int) -> str:
    """Return a unit's path such as ``生产部/一车间``."""
    names: list[str] = []
    here: int | None = unit_id
    while here in tree and len(names) <= len(tree):
        names.append(tree[here].name)
        here = tree[here].parent_id
    return "/".join(reversed(names))


def _plan(value: str, within: people.Units) -> TrainingPlan | None:
    try:
        asked = UUID(value)
    except ValueError:
        return None
    found = TrainingPlan.objects.filter(uuid=asked).first()
    hidden = found and within is not None and not found.assignments.filter(people.belongs(within, "learner")).exists()
    if found is None or hidden:
        raise DomainError("not_found", _("没有找到这个培训计划，请从总览重新进入。"), status=404)
    return found


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
