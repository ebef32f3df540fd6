"""Pure rules of marking: periods as dated rows, scores out of points, and a question that was found wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from public.questions import api as questions

CLAIM = timedelta(minutes=20)
"""How long answers stay with who took them; after it somebody else may."""
BATCH = 5
"""Answers that are taken and marked at a time."""
LEAST_REASON = 5
"""Characters of a reason: a word alone explains nothing to who reads it."""
Item = Mapping[str, Any]


class Periods(Protocol):
    """A dated row: how long things may take."""

    @property
    def valid_from(self) -> date:
        """The first day on which it holds."""

    @property
    def appeal_days(self) -> int:
        """Days for an appeal."""

    @property
    def decide_days(self) -> int:
        """Working days for its answer."""

    @property
    def mark_days(self) -> int:
        """Working days for marking."""


@dataclass(frozen=True, slots=True)
class FirstPeriods:
    """What holds until an enterprise sets its own. ``decide_days``, ``mark_days`` are working days.

    Five working days for 成绩申诉 is what the platform promises for complaints of this kind (六.(一).6); the others are ours [P].
    """

    valid_from: date = date(2020, 1, 1)
    appeal_days: int = 15
    decide_days: int = 5
    mark_days: int = 3


FIRST = FirstPeriods()


def in_force(rows: Iterable[Periods], day: date) -> Periods:
    """Return the row that holds on a day: the one that began last; of two that began that day the later one in ``rows``."""
    found: Periods = FIRST
    for row in rows:
        if row.valid_from <= day and row.valid_from >= found.valid_from:
            found = row
    return found


def score_of(paper: Sequence[Item], points: Mapping[int, int], left_out: Iterable[int] = ()) -> int:
    """Return the score 0-100 out of points by number: earned of possible, cut and never rounded up.

    Questions that are left out count on neither side; with nothing left to count everything is earned.
    """
    out = frozenset(left_out)
    counted = [item for item in paper if item["no"] not in out]
    possible = sum(questions.worth(item) for item in counted)
    earned = sum(min(points.get(item["no"], 0), questions.worth(item)) for item in counted)
    return earned * 100 // possible if possible else 100


Key = tuple[str, str, int, int]
"""Bank, question, version, and which question of a case (0: no case)."""


def key_of(item: Item) -> Key:
    """Return what an item is, wherever it stands on a paper; of an old paper its code stands for the question."""
    question, case = str(item.get("question") or item.get("code") or "")[:40], item.get("case") or {}
    return str(item.get("bank") or "shared"), question, int(item.get("version") or 1), int(case.get("no", 0))


def named(key: Key) -> dict[str, str | int]:
    """Return a key as the columns of a table."""
    bank, question, version, part = key
    return {"bank": bank, "question": question, "version": version, "part": part}


class Mode(StrEnum):
    """How a question that was found wrong is marked anew."""

    KEY = "KEY"
    ALSO = "ALSO"
    ALL = "ALL"
    NONE = "NONE"


def texts_of(item: Item, response: Sequence[str]) -> list[str]:
    """Return what was chosen as texts, the same on every paper: options' texts (sorted, but for an order), or what was typed."""
    known = {option["key"]: option["text"] for option in item.get("options") or ()}
    if not known:
        return [text.strip() for text in response]
    texts = [known[key] for key in response if key in known]
    return texts if item["kind"] == "order" else sorted(texts)


def points_anew(item: Item, response: list[str], *, mode: str, answer: Sequence[str], now: int | None = None) -> int | None:
    """Return the points of one response after a question was found wrong; None: it is left out.

    :param mode: ``KEY``: ``answer`` is right and nothing else; ``ALSO``: it is right besides; ``ALL``: everybody gets the points;
        ``NONE``: the question does not count
    :param answer: texts of the right options; of a gap: further words that are right (``blank`` with one gap)
    :param now: points that the response has, corrections included; None: as its key marks it
    """
    before = (questions.mark(item, response) or 0) if now is None else now
    if mode == Mode.NONE:
        return None
    if mode == Mode.ALL:
        return questions.worth(item)
    if mode == Mode.ALSO and before == questions.worth(item):
        return before
    if item["kind"] == "blank":
        anew = questions.mark({**item, "answer": [[*answer], *item["answer"][1:]]}, response) or 0
        return max(anew, before) if mode == Mode.ALSO else anew
    wanted = list(answer) if item["kind"] == "order" else sorted(answer)
    is_right = bool(response) and texts_of(item, response) == wanted
    return questions.worth(item) if is_right else (before if mode == Mode.ALSO else 0)


def corrected(item: Item, *, mode: str, answer: Sequence[str]) -> dict[str, Any] | None:
    """Return a question with the key that holds after it was found wrong, for practice; None where no one key is left to practise.

    :param mode: as of `points_anew`; with ``ALSO`` a gap gets a further spelling, a choice has two right answers
    """
    if item["kind"] == "blank" and mode in {Mode.KEY, Mode.ALSO}:
        first = [*item["answer"][0], *answer] if mode == Mode.ALSO else list(answer)
        return {**item, "answer": [list(dict.fromkeys(first)), *item["answer"][1:]]}
    letters = {option["text"]: option["key"] for option in item.get("options") or ()}
    if mode != Mode.KEY or not set(answer) <= set(letters):
        return None
    keys = [letters[text] for text in answer]
    return {**item, "answer": keys if item["kind"] == "order" else sorted(keys)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One try with other points: ``points`` number -> (before, after) of those that change."""

    attempt_id: int
    points: dict[int, tuple[int, int]]
    left_out: list[int]
    before: tuple[int, bool]
    after: tuple[int, bool]

    @property
    def changes(self) -> bool:
        """Whether anything is different."""
        return bool(self.points or self.left_out) or self.before != self.after


@dataclass(slots=True)
class Effect:
    """What a proposal does, in numbers of tries. ``kept``: certificates that stay although the try no longer passes.

    ``unfinished``: tries with the question that are still open or being marked, which the proposal does not reach.
    """

    tries: int = 0
    up: int = 0
    down: int = 0
    to_pass: int = 0
    to_fail: int = 0
    kept: int = 0
    unfinished: int = 0
    scores: dict[str, int] = field(default_factory=dict)

    def add(self, one: Outcome, *, has_certificate: bool) -> None:
        """Count one try."""
        self.tries += 1
        (old, passed), (new, passes) = one.before, one.after
        self.up += new > old
        self.down += new < old
        self.to_pass += passes and not passed
        self.to_fail += passed and not passes
        self.kept += passed and not passes and has_certificate

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)
