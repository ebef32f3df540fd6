"""Whether two people's wrong answers are alike beyond chance. Pure; numbers only, no verdict.

Counted over questions that both answered: EEIC, the same wrong answer; EIC, both wrong; D, different answers. A pair is looked at where
EEIC >= 6 and EEIC / D >= 1 (Harpp, Hogan & Jennings, J. Chem. Educ. 73 (1996) 349). That index knows no chance: where one wrong option is
popular, strangers share it. So the pair is shown only if the probability that so many of their common errors agree by themselves, with
every question's own shares of wrong answers (error similarity analysis, Bellezza & Bellezza, Teaching of Psychology 16 (1989) 151),
times the number of pairs compared, is at most 0.05 (Bonferroni). What it does not know: people taught the same mistake.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # loaded where it counts: the web only shows what a worker has counted
    import numpy
    from numpy.typing import NDArray

LEAST_COMMON = 20
"""Questions that both must have answered; the authors saw thirty, fewer than twenty leave six common errors to weak papers only [P]."""
LEAST_SAME = 6
LEAST_INDEX = 1.0
MOST_CHANCE = 0.05
MOST_PAIRS = 200
"""Of one plan; the least likely first. More than that is no longer a list of pairs but a leaked key."""
_BLOCK = 512

Matrix: TypeAlias = "NDArray[numpy.float32]"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to one question: which question, what (any hashable), and whether it was right."""

    question: int
    said: str
    right: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of the sequence (``one`` < ``other``) with EEIC, EIC and D; ``chance`` is corrected for all pairs compared."""

    one: int
    other: int
    common: int
    same_wrong: int
    both_wrong: int
    different: int
    chance: float


def alike(people: Sequence[Sequence[Answer]], ways: Mapping[int, int]) -> list[Pair]:
    """Return the pairs to look at, the least likely first, at most ``MOST_PAIRS``.

    :param people: for each person the answers given; what was left blank is not among them
    :param ways: question -> how many wrong answers are possible (at least 1)
    """
    wrong = [{answer.question: answer.said for answer in one if not answer.right} for one in people]
    candidates, compared = _candidates(people)
    agree = _agreeing(wrong, ways)
    found = []
    for one, other, common, same, different in candidates:
        both = sorted(wrong[one].keys() & wrong[other].keys())
        chance = min(1.0, tail([agree[question] for question in both], same) * compared)
        if chance <= MOST_CHANCE:
            found.append(Pair(one, other, common, same, len(both), different, chance))
    return sorted(found, key=lambda pair: (pair.chance, pair.one, pair.other))[:MOST_PAIRS]


def tail(probabilities: Sequence[float], least: int) -> float:
    """Return the probability that at least ``least`` of independent events happen (Poisson binomial, exact)."""
    import numpy

    ways = numpy.zeros(len(probabilities) + 1)
    ways[0] = 1.0
    for probability in probabilities:
        ways[1:] = ways[1:] * (1 - probability) + ways[:-1] * probability
        ways[0] *= 1 - probability
    return float(ways[least:].sum())


def _agreeing(wrong: Sequence[Mapping[int, str]], ways: Mapping[int, int]) -> dict[int, float]:
    """Return question -> probability that two wrong answers are the same.

    Each possible wrong answer is counted once more than it was given, so that a rare one is never impossible.
    """
    said: dict[int, Counter[str]] = {}
    for one in wrong:
        for question, text in one.items():
            said.setdefault(question, Counter())[text] += 1
    found: dict[int, float] = {}
    for question, counts in said.items():
        possible = max(ways.get(question, 1), len(counts))
        total = counts.total() + possible
        given = sum(((n + 1) / total) ** 2 for n in counts.values())
        found[question] = given + (possible - len(counts)) * (1 / total) ** 2
    return found


def _candidates(people: Sequence[Sequence[Answer]]) -> tuple[list[tuple[int, int, int, int, int]], int]:
    """Return (one, other, common, EEIC, D) of pairs that the index points at, and how many pairs were compared at all."""
    import numpy

    answered, right, same = _matrices(people)
    found: list[tuple[int, int, int, int, int]] = []
    compared = 0
    for begin, rows in _blocks(len(people)):
        common = answered[rows] @ answered[begin:].T
        eeic = same[rows] @ same[begin:].T
        different = common - eeic - right[rows] @ right[begin:].T
        later = numpy.triu(numpy.ones(common.shape, dtype=bool), 1)
        enough = later & (common >= LEAST_COMMON)
        compared += int(enough.sum())
        hits = numpy.argwhere(enough & (eeic >= LEAST_SAME) & (eeic >= LEAST_INDEX * different))
        found += [(begin + int(i), begin + int(j), int(common[i, j]), int(eeic[i, j]), int(different[i, j])) for i, j in hits]
    return found, compared


def _blocks(n: int) -> Iterator[tuple[int, slice]]:
    return ((begin, slice(begin, min(n, begin + _BLOCK))) for begin in range(0, n, _BLOCK))


def _matrices(people: Sequence[Sequence[Answer]]) -> tuple[Matrix, Matrix, Matrix]:
    """Return who answered which question, who answered it rightly, and who gave which wrong answer, as ones and zeros.

    A wrong answer that only one person gave has no column: typed ones are as many as people, and would fill the memory for nothing.
    """
    questions: dict[int, int] = {}
    given: Counter[tuple[int, str]] = Counter()
    for one in people:
        for answer in one:
            questions.setdefault(answer.question, len(questions))
            if not answer.right:
                given[answer.question, answer.said] += 1
    errors = {error: column for column, error in enumerate(error for error, n in given.items() if n > 1)}
    answered, right = _zeros(len(people), len(questions)), _zeros(len(people), len(questions))
    same = _zeros(len(people), len(errors))
    for row, one in enumerate(people):
        for answer in one:
            answered[row, questions[answer.question]] = 1
            if answer.right:
                right[row, questions[answer.question]] = 1
            elif (column := errors.get((answer.question, answer.said))) is not None:
                same[row, column] = 1
    return answered, right, same


def _zeros(rows: int, columns: int) -> Matrix:
    import numpy

    made: Any = numpy.zeros((rows, max(1, columns)), dtype=numpy.float32)
    return made  # type: ignore[no-any-return]
