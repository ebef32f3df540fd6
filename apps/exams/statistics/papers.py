"""How the papers of a plan do: scores, reliability, time; all added up by the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Avg, Count, F, Max, Q, QuerySet, StdDev, Value
from django.db.models.functions import Extract, Least

from apps.exams.marking.results import with_result
from apps.exams.models import Attempt
from apps.exams.statistics import rules
from apps.exams.statistics.scope import Scope
from apps.people import api as people


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far scores would repeat. ``method``: ``alpha``, ``kr20`` or ``icc`` (everybody has drawn other questions).

    ``value`` None where there are too few tries or questions; ``error``: standard error of measurement in points of 100.
    """

    method: str
    value: float | None
    error: float | None
    tries: int
    items: float

    @property
    def name(self) -> str:
        """What the coefficient is called."""
        return {"alpha": "Cronbach α", "kr20": "KR-20", "icc": "ICC(1,k)"}[self.method]

    @property
    def tone(self) -> str:
        """Tone of the kit."""
        return rules.reliability_words(self.value)[0]

    @property
    def words(self) -> str:
        """What it means."""
        return rules.reliability_words(self.value)[1]


@dataclass(frozen=True, slots=True)
class Paper:
    """The exam of one plan. ``mean``, ``spread`` (standard deviation) of scores 0-100; ``minutes``: on average."""

    plan: UUID
    title: str
    tries: int
    people: int
    passed: int
    mean: float
    spread: float
    minutes: float
    last: Any

    @property
    def pass_percent(self) -> int:
        """Share that passed, cut."""
        return self.passed * 100 // self.tries if self.tries else 0


def tries(scope: Scope) -> QuerySet[Any]:
    """Return the finished tries of a scope with their results as they stand now."""
    rows = with_result(Attempt.objects.filter(people.belongs(scope.within, "learner"), people.real("learner")))
    if scope.plan_id is not None:
        rows = rows.filter(assignment__plan=scope.plan_id)
    return rows.filter(number=1) if scope.firsts else rows


def plans(scope: Scope, *, text: str = "") -> QuerySet[Any, Any]:
    """Return one line a plan that has results, the latest first; one query."""
    rows = tries(scope)
    for word in text.split()[:5]:
        rows = rows.filter(assignment__plan__title__icontains=word)
    grouped = rows.values(plan=F("assignment__plan__uuid"), title=F("assignment__plan__title"))
    found: QuerySet[Any, Any] = grouped.annotate(**_sums()).order_by("-last", "plan")
    return found


def paper(scope: Scope) -> Paper | None:
    """Return the figures of one plan, None without any result."""
    found = tries(scope).aggregate(**_sums())
    if not found["tries"]:
        return None
    assert scope.plan is not None  # noqa: S101 - of one plan
    return Paper(scope.plan, scope.plan_title, **{**found, "spread": found["spread"] or 0.0})


def _sums() -> dict[str, Any]:
    took = Extract(F("submitted_at") - F("started_at"), "epoch")
    return {
        "tries": Count("pk"),
        "people": Count("learner", distinct=True),
        "passed": Count("pk", filter=Q(result_passed=True)),
        "mean": Avg("result_score"),
        "spread": StdDev("result_score", sample=True),
        "minutes": Avg(took) / 60.0,
        "last": Max("submitted_at"),
    }


def bands(scope: Scope) -> list[tuple[str, int]]:
    """Return (ten points in words, tries), all ten of them."""
    ten = Least(F("result_score") / Value(10), Value(9))
    rows = dict(tries(scope).annotate(band=ten).values_list("band").annotate(n=Count("pk")).order_by("band"))
    return [(f"{low}–{100 if low == 90 else low + 9}", rows.get(low // 10, 0)) for low in range(0, 100, 10)]


_RELIABILITY = """
WITH facts (attempt_id, plan_id, bank, question, version, part, kind, worth, points, blank) AS ({facts}),
per_try AS (
  SELECT attempt_id, count(*) AS k, sum(points)::float AS s, sum(points::float / worth) AS share, sum((points::float / worth) ^ 2) AS square
  FROM facts GROUP BY attempt_id),
per_item AS (SELECT var_samp(points)::float AS v, count(*) AS n FROM facts GROUP BY bank, question, version, part)
SELECT (SELECT count(*) FROM per_try), (SELECT sum(k)::float FROM per_try), (SELECT count(*) FROM per_item), (SELECT min(n) FROM per_item),
  (SELECT sum(v) FROM per_item), (SELECT var_samp(s) FROM per_try), (SELECT sum(share) FROM per_try), (SELECT sum(square) FROM per_try),
  (SELECT sum(share * share / k) FROM per_try),
  (SELECT bool_and(points IN (0, worth)) AND count(DISTINCT worth) = 1 FROM facts)
"""


def reliability(scope: Scope, spread: float) -> Reliability:
    """Return how reliable the scores of one plan are, in one statement.

    :param spread: standard deviation of the scores
    """
    facts, params = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(_RELIABILITY.format(facts=facts), params)
        people_n, answers, items, least, item_variance, variance, total, squares, between, two_valued = cursor.fetchone()
    if not people_n:
        return Reliability("alpha", None, None, 0, 0)
    is_same = items * people_n == answers and least == people_n
    k, value = answers / people_n, None
    method = ("kr20" if two_valued else "alpha") if is_same else "icc"
    if people_n >= rules.LEAST_TRIES and k >= rules.LEAST_ITEMS:
        value = rules.alpha(items, item_variance, variance) if is_same else rules.icc(people_n, answers, total, squares, between)
    error = spread * (1 - max(0.0, value)) ** 0.5 if value is not None else None
    return Reliability(method, value, error, people_n, k)
