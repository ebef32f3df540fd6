"""Weak points by unit, counted by the database: people, never their names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.exams.mistakes import rules
from apps.exams.mistakes.models import Collected, Mistake
from apps.exams.mistakes.shapes import PRACTICE
from apps.people import api as people
from apps.plans import api as plans

COLUMNS = 6
"""Units that stand beside each other; everybody counts in the sum."""
NONE, DIRECT, ELSEWHERE = 0, -1, -2
"""Columns that are no unit: people without one, of the chosen unit itself, of other units who belong here too."""


@dataclass(slots=True)
class Cell:
    """How many people were asked about a point, and how many of them answered something wrongly."""

    asked: int = 0
    wrong: int = 0

    def add(self, asked: int, wrong: int) -> None:
        """Count more people."""
        self.asked, self.wrong = self.asked + asked, self.wrong + wrong

    @property
    def is_shown(self) -> bool:
        """Whether enough people stand behind the figure."""
        return self.asked >= rules.ENOUGH_PEOPLE

    @property
    def percent(self) -> int:
        """Share of people with a wrong answer, cut."""
        return self.wrong * 100 // self.asked if self.asked else 0

    @property
    def step(self) -> int:
        """Depth of the colour, 0 (nobody) to 5 (from 80 %)."""
        return 0 if not self.wrong else min(5, 1 + self.percent // 20)


@dataclass(slots=True)
class Point:
    """One knowledge point. ``line`` is in the order of the columns."""

    name: str
    total: Cell = field(default_factory=Cell)
    cells: dict[int, Cell] = field(default_factory=lambda: defaultdict(Cell))
    line: list[Cell] = field(default_factory=list)

    @property
    def is_weak(self) -> bool:
        """Whether something should be done about it."""
        return self.total.is_shown and self.total.percent >= rules.WEAK


@dataclass(frozen=True, slots=True)
class Board:
    """Points, the weakest first; ``units``: id and name of each column; ``more_units`` have none. ``hidden`` points have too few people."""

    points: list[Point]
    units: list[tuple[int, str]]
    more_units: int
    hidden: int

    @property
    def weak(self) -> int:
        """How many points are weak."""
        return sum(point.is_weak for point in self.points)


def board(asked: plans.Filters, *, text: str = "") -> Board:
    """Return the weak points of what is asked, in two queries however many people there are.

    :param text: words of the point's name
    """
    rows = _answers(asked)
    for word in text.split()[:5]:
        rows = rows.filter(Q(point__icontains=word) | Q(topic__icontains=word))
    counted = rows.values_list("point", "learner__unit_id").annotate(
        asked=Count("learner", distinct=True), wrong=Count("learner", distinct=True, filter=Q(right=False))
    )
    column = _Columns(asked)
    points: dict[str, Point] = {}
    sizes: dict[int, int] = defaultdict(int)
    for name, unit_id, n, wrong in counted.order_by():
        point, key = points.setdefault(name, Point(name)), column.of(unit_id)
        point.total.add(n, wrong)
        point.cells[key].add(n, wrong)
        sizes[key] += n
    units = sorted(sizes, key=lambda key: (key <= 0, -sizes[key], key))
    shown = [point for point in points.values() if point.total.is_shown]
    for point in shown:
        point.line = [point.cells[key] for key in units[:COLUMNS]]
    shown.sort(key=lambda point: (-point.total.percent, -point.total.wrong, point.name))
    names = [(key, column.name(key)) for key in units[:COLUMNS]]
    return Board(shown, names, max(0, len(units) - COLUMNS), len(points) - len(shown))


def _answers(asked: plans.Filters) -> QuerySet[Collected]:
    """Return the answers that count: in exams and quizzes of the period, of people on the books."""
    rows = Collected.objects.exclude(source=PRACTICE).filter(people.belongs(asked.within, "learner"), people.real("learner"))
    rows = rows.filter(learner__status="ACTIVE", at__gte=asked.span.since, at__lt=asked.span.until)
    return rows.filter(assignment__plan=asked.plan) if asked.plan else rows


@dataclass(frozen=True, slots=True)
class HardQuestion:
    """A question of the point that many answer wrongly."""

    stem: str
    asked: int
    wrong: int

    @property
    def percent(self) -> int:
        """Share of people who answered it wrongly."""
        return self.wrong * 100 // self.asked


def point(asked: plans.Filters, name: str) -> tuple[Cell, list[str], list[HardQuestion]]:
    """Return how people stand at one point, its topics, and its questions with the most wrong answers; three queries.

    Figures of too few people are left out, as on the board.
    """
    rows = _answers(asked).filter(point=name)
    sums = rows.aggregate(n=Count("learner", distinct=True), wrong=Count("learner", distinct=True, filter=Q(right=False)))
    by_key = rows.values_list("key").annotate(
        asked=Count("learner", distinct=True), wrong=Count("learner", distinct=True, filter=Q(right=False))
    )
    worst = sorted(
        (row for row in by_key if row[1] >= rules.ENOUGH_PEOPLE and row[2]), key=lambda row: (-row[2] / row[1], row[0])
    )
    stems = _stems(key for key, *_numbers in worst[:5])
    topics = rows.exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct()
    hard = [HardQuestion(stems[key], n, wrong) for key, n, wrong in worst[:5] if key in stems]
    return Cell(sums["n"], sums["wrong"]), list(topics), hard


def _stems(keys: Iterable[str]) -> dict[str, str]:
    rows = Mistake.objects.filter(key__in=list(keys)).order_by("key", "-last_wrong_at").distinct("key")
    return dict(rows.values_list("key", "item__stem"))


class _Columns:
    """Finds the column under which a person's main unit counts: the units below the chosen one, or the topmost that may be seen."""

    def __init__(self, asked: plans.Filters) -> None:
        self._tree, self._chosen = asked.tree, asked.unit_id
        seen = asked.seen
        if self._chosen is not None:
            tops = {node.id for node in asked.tree.values() if node.parent_id == self._chosen}
        elif seen is None:
            tops = {node.id for node in asked.tree.values() if node.parent_id is None}
        else:
            tops = {key for key in seen if key in asked.tree and asked.tree[key].parent_id not in seen}
        self._tops = tops

    def of(self, unit_id: int | None) -> int:
        """Return the column's key."""
        if unit_id is None:
            return NONE
        if unit_id == self._chosen:
            return DIRECT
        here: int | None = unit_id
        for _step in self._tree:
            if here in self._tops:
                return here
            here = self._tree[here].parent_id if here in self._tree else None
        return ELSEWHERE

    def name(self, key: int) -> str:
        """Return what a column is called."""
        names = {NONE: _("未分部门"), DIRECT: _("直属人员"), ELSEWHERE: _("其他部门（兼属本部门）")}
        return names[key] if key in names else self._tree[key].name
