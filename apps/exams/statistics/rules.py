"""What figures mean: bounds with their source, reliability out of sums, and advice in words. Pure.

Difficulty p and the index of discrimination D with the upper and lower 27 % follow Kelley (1939) and Ebel & Frisbie (1991); reliability
is Cronbach's alpha (1951), KR-20 where every answer is all or nothing (Kuder & Richardson 1937). Where everybody has drawn other
questions there is no alpha: then the questions are replicates within people, and ICC(1,k) of Shrout & Fleiss (1979) says the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

LEAST_P, LEAST_D = 10, 30
"""Answers below which difficulty, and discrimination and wrong options, say nothing; smaller samples move by a tenth from chance alone."""
LEAST_TRIES, LEAST_ITEMS = 30, 5
"""Tries and questions below which reliability says nothing."""
TAIL = 27
"""Percent of people at either end whose answers are compared (Kelley 1939)."""
EASY, HARD = 0.95, 0.30
WEAK, GOOD = 0.20, 0.40
BLANKS, DEAD = 0.10, 0.05
SURE = 1.645
"""A negative correlation raises doubts about the key only beyond what chance gives one question in twenty (1.645 / √n)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How one question did. ``p``: share of the points; ``d``: p of the best 27 % less that of the weakest; ``r``: correlation of its
    points with those of the rest of the paper (point-biserial where it is all or nothing). None: not to be told.
    """

    n: int
    p: float
    blank: float
    d: float | None
    r: float | None

    @property
    def tells_p(self) -> bool:
        """Whether there are enough answers for the difficulty."""
        return self.n >= LEAST_P

    @property
    def tells_d(self) -> bool:
        """Whether there are enough answers for the discrimination."""
        return self.n >= LEAST_D and self.d is not None


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at: tone of the kit, a short name, what to do. ``wrong``: the key itself is in doubt."""

    tone: str
    name: str
    advice: str
    wrong: bool = False


def flags(found: Figures) -> list[Flag]:
    """Return what is odd about a question, the gravest first; nothing while there are too few answers."""
    return list(_flags(found)) if found.tells_p else []


def _flags(found: Figures) -> Iterator[Flag]:
    if found.tells_d and found.r is not None and found.r < -SURE / found.n**0.5:
        words = _("学得好的人反而更容易答错。请核对答案和题干；确认有误时，可以对所有用过这道题的试卷重判。")
        yield Flag("stop", _("答案可能有误"), words, wrong=True)
    elif found.tells_d and found.p <= EASY and (found.d or 0) < WEAK:
        yield Flag("attention", _("区分度低"), _("学得好和学得差的人得分差不多。请看看题干是否含糊、干扰项是否太像答案。"))
    if found.p < HARD:
        yield Flag("attention", _("太难"), _("七成以上的分数丢了。请核对课程里有没有讲到，或先讲解再考。"))
    if found.p > EASY:
        yield Flag("info", _("太容易"), _("几乎人人答对，考不出差别。作为必须掌握的要点可以保留，否则换一道。"))
    if found.blank > BLANKS:
        yield Flag("attention", _("空白多"), _("一成以上的人没有作答。可能时间不够，或题目看不懂。"))


def alpha(k: int, item_variances: float, total_variance: float) -> float | None:
    """Return Cronbach's alpha of ``k`` questions; None where nobody differs or there are too few."""
    if k < LEAST_ITEMS or total_variance <= 0:
        return None
    return k / (k - 1) * (1 - item_variances / total_variance)


def icc(people: int, answers: int, total: float, squares: float, between: float) -> float | None:
    """Return ICC(1,k): reliability of a mean over questions that everybody drew anew.

    :param people: tries; ``answers``: of all of them
    :param total: sum of all shares; ``squares``: sum of their squares; ``between``: sum over people of (their sum)²/(their answers)
    """
    if people < 2 or answers <= people:
        return None
    msb = (between - total * total / answers) / (people - 1)
    msw = (squares - between) / (answers - people)
    return (msb - msw) / msb if msb > 0 else None


def reliability_words(value: float | None) -> tuple[str, str]:
    """Return (tone, words) about a reliability; thresholds of common use (Nunnally 1978)."""
    if value is None:
        return "neutral", _("还不能判断")
    if value >= 0.8:
        return "proven", _("可靠")
    if value >= 0.7:
        return "proven", _("够用")
    if value >= 0.5:
        return "attention", _("偏低：分数里有不少运气，题目可以多一些")
    return "stop", _("低：分数难以区分谁学得好，请增加题目或换掉有标记的题")
