"""Which questions go into which rows of a drawn paper. Pure; the same seed draws the same.

Rows may compete for questions. The sets that can be placed at once form a transversal matroid: whoever takes the questions in
random order and keeps each one that can still be placed fills every row whenever that is possible at all, and treats questions
that fit the same rows exactly alike (decision 0051).
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from apps.exams.papers.shapes import Candidate, Row
from public.questions import api as questions

Fits = tuple[int, ...]
"""The rows that a question fits, by their index. Questions that fit the same rows stand for each other."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """Rows (by index) that ask for ``needed`` questions together where only ``found`` different ones fit any of them."""

    rows: tuple[int, ...]
    needed: int
    found: int


def available(rows: Sequence[Row], entries: Iterable[Candidate]) -> list[int]:
    """Return for each row how many questions fit it, the others not considered."""
    found = [0] * len(rows)
    for fits in map(_fits(rows), entries):
        for index in fits:
            found[index] += 1
    return found


def shortages(rows: Sequence[Row], entries: Iterable[Candidate]) -> list[Shortage]:
    """Return why a paper cannot be drawn, the fewest rows for each reason; empty when it can, for every seed.

    Rows that are short by themselves come first; what others compete for is told only where no row is.
    """
    pool = list(entries)
    alone = [
        Shortage((index,), row.count, found)
        for index, (row, found) in enumerate(zip(rows, available(rows, pool), strict=True))
        if found < row.count
    ]
    if alone:
        return alone
    placing = _Placing(rows)
    for entry in pool:
        placing.take(entry)
    return [] if placing.is_full else [_competing(rows, pool, placing)]


def draw(rows: Sequence[Row], entries: Iterable[Candidate], *, dice: random.Random) -> list[list[Candidate]]:
    """Return the drawn questions of each row, none of them twice. Fewer than asked for only where `shortages` tells of any."""
    pool = sorted(entries, key=lambda entry: entry.ref)
    dice.shuffle(pool)
    placing = _Placing(rows, dice)
    for entry in pool:
        if placing.is_full:
            break
        placing.take(entry)
    return placing.held


class _Placing:
    """Rows being filled. What was taken once stays taken; it may move to another row to make room."""

    def __init__(self, rows: Sequence[Row], dice: random.Random | None = None) -> None:
        self.rows = rows
        self.held: list[list[Candidate]] = [[] for _row in rows]
        self._fits = _fits(rows)
        self._left = sum(row.count for row in rows)
        self._hopeless: set[Fits] = set()
        self._dice = dice

    @property
    def is_full(self) -> bool:
        """Whether every row has its questions."""
        return self._left == 0

    def take(self, entry: Candidate) -> bool:
        """Place a question if the rows can make room for it. Where one of a kind was refused, all later ones are: a matroid."""
        fits = self._fits(entry)
        if not fits or fits in self._hopeless:
            return False
        way = self._way(fits)
        if way is None:
            self._hopeless.add(fits)
            return False
        for row, moved, after in way:
            self.held[row].remove(moved)
            self.held[after].append(moved)
        self.held[way[-1][0] if way else self._open(fits)].append(entry)
        self._left -= 1
        return True

    def _open(self, fits: Fits) -> int:
        """Return a row among these that still has room; -1 for none."""
        rooms = [index for index in fits if len(self.held[index]) < self.rows[index].count]
        if not rooms:
            return -1
        return self._dice.choice(rooms) if self._dice else rooms[0]

    def _way(self, fits: Fits) -> list[tuple[int, Candidate, int]] | None:
        """Return the moves (from row, question, to row), last row first, that make room in one of these rows; None for no way.

        Breadth first over the rows: an augmenting path of the matching.
        """
        if self._open(fits) >= 0:
            return []
        came: dict[int, tuple[int, Candidate] | None] = dict.fromkeys(fits)
        waiting = list(fits)
        for row in waiting:
            for moved in self.held[row]:
                goals = self._fits(moved)
                if (room := self._open(goals)) >= 0:
                    return self._back(came, (row, moved, room))
                for after in goals:
                    if after not in came:
                        came[after] = (row, moved)
                        waiting.append(after)
        return None

    @staticmethod
    def _back(
        came: dict[int, tuple[int, Candidate] | None], last: tuple[int, Candidate, int]
    ) -> list[tuple[int, Candidate, int]]:
        way = [last]
        while (before := came[way[-1][0]]) is not None:
            way.append((*before, way[-1][0]))
        return way


def _fits(rows: Sequence[Row]) -> Callable[[Candidate], Fits]:
    known: dict[questions.Ref, Fits] = {}

    def of(entry: Candidate) -> Fits:
        if entry.ref not in known:
            known[entry.ref] = tuple(index for index, row in enumerate(rows) if row.takes(entry))
        return known[entry.ref]

    return of


def _competing(rows: Sequence[Row], pool: Sequence[Candidate], placing: _Placing) -> Shortage:
    """Return a set of rows that asks for more than fits any of them (Hall), with no row in it that could be left out."""
    fits = _fits(rows)
    first = next(index for index, row in enumerate(rows) if len(placing.held[index]) < row.count)
    where = {entry.ref: index for index, held in enumerate(placing.held) for entry in held}
    reached = [first]
    for row in reached:
        for entry in pool:
            if row in fits(entry) and where[entry.ref] not in reached:
                reached.append(where[entry.ref])
    short = _lack(rows, pool, sorted(reached))
    while fewer := next((one for one in _without_one(rows, pool, short.rows) if one.needed > one.found), None):
        short = fewer
    return short


def _without_one(rows: Sequence[Row], pool: Sequence[Candidate], among: Sequence[int]) -> Iterable[Shortage]:
    return (_lack(rows, pool, [index for index in among if index != left_out]) for left_out in among if len(among) > 1)


def _lack(rows: Sequence[Row], pool: Sequence[Candidate], among: Sequence[int]) -> Shortage:
    found = sum(any(rows[index].takes(entry) for index in among) for entry in pool)
    return Shortage(tuple(among), sum(rows[index].count for index in among), found)
