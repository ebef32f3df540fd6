"""Completion by unit and plan as a table whose cells say how far they are; counted by the database, rolled up along the tree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.people import api as people
from apps.plans.dashboards.filters import Filters, Tree
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.queries import DUE

COLUMNS = 6
"""Plans that stand beside each other; the rest count in the last column."""
DIRECT, NONE, ELSEWHERE = -1, -2, -3
"""Rows that are no unit: people of the chosen unit itself, without a unit, and of other units who belong here too."""


@dataclass(slots=True)
class Cell:
    """How many duties there are, are done and are overdue."""

    people: int = 0
    done: int = 0
    late: int = 0

    def add(self, people: int, done: int, late: int) -> None:
        """Count more."""
        self.people, self.done, self.late = self.people + people, self.done + done, self.late + late

    @property
    def percent(self) -> int:
        """Share that is done, cut and never rounded up to 100."""
        return self.done * 100 // self.people if self.people else 0

    @property
    def step(self) -> int:
        """Depth of the colour, 0 (nobody) to 5 (everybody)."""
        return 5 if self.people and self.done == self.people else self.percent // 20


@dataclass(slots=True)
class Row:
    """One unit with everything below it. ``unit_id`` below 0: see ``DIRECT``; ``has_more``: there are units to open.

    ``cells`` by plan id, ``line`` the same in the order of the columns.
    """

    unit_id: int
    name: str
    has_more: bool = False
    cells: dict[int, Cell] = field(default_factory=lambda: defaultdict(Cell))
    total: Cell = field(default_factory=Cell)
    line: list[tuple[TrainingPlan, Cell]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heat:
    """The table: columns (the plans due first), rows, the sum of all, and how many plans there are."""

    plans: list[TrainingPlan]
    rows: list[Row]
    total: Cell
    running: int

    @property
    def more_plans(self) -> int:
        """How many plans have no column."""
        return self.running - len(self.plans)


def heat(asked: Filters) -> Heat:
    """Return the table for what is asked, in two queries however many people there are."""
    sums = list(duties(asked).values_list("learner__unit_id", "plan_id").annotate(**_counts(asked)).order_by())
    plans = list(TrainingPlan.objects.filter(pk__in={plan_id for _unit, plan_id, *_numbers in sums}).order_by("due_on", "pk"))
    columns, rows, total = plans[:COLUMNS], _rows(asked), Cell()
    shown_ids = {plan.pk for plan in columns}
    for unit_id, plan_id, *numbers in sums:
        row = rows.of(unit_id)
        row.total.add(*numbers)
        total.add(*numbers)
        if plan_id in shown_ids:
            row.cells[plan_id].add(*numbers)
    shown = rows.shown()
    for row in shown:
        row.line = [(plan, row.cells[plan.pk]) for plan in columns]
    return Heat(columns, shown, total, running=len(plans))


def duties(asked: Filters) -> QuerySet[Assignment]:
    """Return the duties that count, with ``due``: of people on the books who are not let off, in running plans or the chosen one."""
    rows = Assignment.objects.filter(people.belongs(asked.within, "learner"), people.real("learner"), learner__status="ACTIVE")
    rows = rows.exclude(state=Assignment.State.EXEMPT).annotate(due=DUE)
    if asked.plan:
        return rows.filter(plan=asked.plan)
    return rows.filter(plan__state=TrainingPlan.State.RUNNING, plan__sample=False)


def late(asked: Filters) -> Q:
    """Return what makes a duty overdue."""
    return Q(state=Assignment.State.ASSIGNED, plan__state=TrainingPlan.State.RUNNING, due__lt=asked.today)


def _counts(asked: Filters) -> dict[str, Count]:
    done = Q(state=Assignment.State.COMPLETED)
    return {"n": Count("pk"), "done": Count("pk", filter=done), "late": Count("pk", filter=late(asked))}


class _Rows:
    """Finds the shown row under which a unit counts."""

    def __init__(self, tree: Tree, tops: Iterable[people.UnitNode], chosen: int | None) -> None:
        parents = {node.parent_id for node in tree.values()}
        self._tree, self._chosen = tree, chosen
        self._rows = {node.id: Row(node.id, node.name, node.id in parents) for node in tops}
        self._known: dict[int | None, Row] = {}

    def of(self, unit_id: int | None) -> Row:
        """Return the row of a learner's main unit."""
        if unit_id not in self._known:
            self._known[unit_id] = self._find(unit_id)
        return self._known[unit_id]

    def _find(self, unit_id: int | None) -> Row:
        if unit_id is None:
            return self._other(NONE, _("未分部门"))
        if unit_id == self._chosen:
            return self._other(DIRECT, _("直属人员"))
        here: int | None = unit_id
        for _step in self._tree:
            if here in self._rows:
                return self._rows[here]
            here = self._tree[here].parent_id if here in self._tree else None
        return self._other(ELSEWHERE, _("其他部门（兼属本部门）"))

    def _other(self, key: int, name: str) -> Row:
        return self._rows.setdefault(key, Row(key, name))

    def shown(self) -> list[Row]:
        """Return the rows with somebody in them; the furthest behind first, rows that are no unit last."""
        rows = [row for row in self._rows.values() if row.total.people]
        return sorted(rows, key=lambda row: (row.unit_id < 0, row.total.percent, -row.total.late, row.name))


def _rows(asked: Filters) -> _Rows:
    tree, chosen, seen = asked.tree, asked.unit_id, asked.seen
    if chosen is not None:
        tops = [node for node in tree.values() if node.parent_id == chosen]
    elif seen is None:
        tops = [node for node in tree.values() if node.parent_id is None]
    else:
        tops = [node for node in tree.values() if node.id in seen and node.parent_id not in seen]
    return _Rows(tree, tops, chosen)
