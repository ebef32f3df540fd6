"""How questions do, counted by the database in one statement, however many tries there are."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, Func, Q, TextField, Value
from redis.exceptions import RedisError

from apps.exams.marking.rules import Key, named
from apps.exams.statistics import rules
from apps.exams.statistics.models import CountedAttempt, QuestionFace
from apps.exams.statistics.scope import Scope
from infra.kit.shapes import shape

KEPT_S = 600
_TAIL = f"ceil(n * {rules.TAIL} / 100.0)"
_SQL = f"""
WITH facts (attempt_id, plan_id, bank, question, version, part, kind, worth, points, blank) AS ({{facts}}),
rested AS (
  SELECT bank, question, version, part, kind, blank, attempt_id, points::float / worth AS share,
         (sum(points) OVER t - points)::float / nullif(sum(worth) OVER t - worth, 0) AS rest
  FROM facts WINDOW t AS (PARTITION BY attempt_id)),
ranked AS (
  SELECT *, count(*) OVER q AS n, row_number() OVER (q ORDER BY rest DESC NULLS LAST, attempt_id) AS best,
         row_number() OVER (q ORDER BY rest ASC NULLS LAST, attempt_id DESC) AS last
  FROM rested WINDOW q AS (PARTITION BY question, version, part, bank))
SELECT bank, question, version, part, max(kind), count(*), avg(share), avg(blank::int)::float,
       avg(share) FILTER (WHERE rest IS NOT NULL AND best <= {_TAIL}) - avg(share) FILTER (WHERE rest IS NOT NULL AND last <= {_TAIL}),
       corr(share, rest)
FROM ranked GROUP BY bank, question, version, part
"""  # noqa: S608 - constants only; what is asked goes as parameters


@dataclass(frozen=True, slots=True)
class Line:
    """One question version in a list."""

    key: Key
    kind: str
    stem: str
    topic: str
    figures: rules.Figures

    @property
    def flags(self) -> list[rules.Flag]:
        """What is odd about it."""
        return rules.flags(self.figures)


def lines(scope: Scope) -> list[Line]:
    """Return every question version that the scope's tries had, in two queries; kept for ten minutes while no try is added."""
    key = f"exam-items:{shape(Line)}:{scope.key()}:{CountedAttempt.objects.count()}"
    found: list[Line] | None = None
    with suppress(RedisError):  # without a cache it only takes longer
        found = cache.get(key)
    if found is None:
        found = _lines(scope)
        with suppress(RedisError):
            cache.set(key, found, KEPT_S)
    return found


def _lines(scope: Scope) -> list[Line]:
    facts, params = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(facts=facts), params)
        rows = cursor.fetchall()
    faces = _faces({row[1] for row in rows})
    return [_line(row, faces) for row in rows]


def _faces(questions: Iterable[str]) -> dict[Key, tuple[str, str]]:
    rows = QuestionFace.objects.filter(question__in=list(questions))
    return {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in rows.values_list(
        "bank", "question", "version", "part", "stem", "topic")}  # fmt: skip


def _line(row: tuple[Any, ...], faces: dict[Key, tuple[str, str]]) -> Line:
    key: Key = (row[0], row[1], row[2], row[3])
    stem, topic = faces.get(key, ("", ""))
    kind, n, p, blank, d, r = row[4:]
    enough = n >= rules.LEAST_D
    return Line(key, kind, stem, topic, rules.Figures(n, p, blank, d if enough else None, r if enough else None))


SORTS = {
    "p": lambda line: line.figures.p,
    "d": lambda line: (line.figures.d is None, line.figures.d or 0),
    "n": lambda line: line.figures.n,
    "blank": lambda line: line.figures.blank,
}


def chosen(found: list[Line], *, text: str = "", flagged: bool = False, sort: str = "") -> list[Line]:
    """Return the lines that fit: those with the gravest flags first, or as asked (``p``, ``-p``, ``d`` …)."""
    words = text.split()[:5]
    kept = [one for one in found if all(word in one.stem or word in one.topic for word in words) and (one.flags or not flagged)]
    name = sort.removeprefix("-")
    if name in SORTS:
        return sorted(kept, key=SORTS[name], reverse=sort.startswith("-"))
    order = {"stop": 0, "attention": 1, "info": 2}
    return sorted(kept, key=lambda one: (min((order.get(flag.tone, 3) for flag in one.flags), default=9), one.figures.p))


@dataclass(frozen=True, slots=True)
class Option:
    """How often an answer was chosen: by all, by the best and the weakest 27 %. ``dead``: a wrong option that hardly anybody takes."""

    text: str
    right: bool
    count: int
    share: float
    best: float
    weak: float
    dead: bool

    @property
    def draws_the_best(self) -> bool:
        """Whether a wrong option is taken more by the best than by the weakest."""
        return not self.right and self.best > self.weak and self.best >= rules.BLANKS


class _Each(Func):
    """The values of an array, a row each."""

    function = "unnest"
    output_field = TextField()
    set_returning = True


def options(scope: Scope, key: Key, item: dict[str, Any], *, most: int = 12) -> list[Option]:
    """Return what was answered to one question, in two queries: all options of a choice, the commonest of what was typed or sorted."""
    mine = scope.facts().filter(**named(key))
    n = mine.count()
    if not n:
        return []
    best, weak = _tails(scope, key, n)
    whole = Func(F("chosen"), Value(" → "), function="array_to_string", output_field=TextField())
    text = whole if item["kind"] == "order" else _Each(F("chosen"))
    counted = mine.exclude(blank=True).annotate(text=text).values("text").order_by()
    rows = counted.annotate(
        n=Count("pk"), best=Count("pk", filter=Q(attempt__in=best)), weak=Count("pk", filter=Q(attempt__in=weak))
    )
    seen = {row["text"]: row for row in rows}
    right = _right(item)
    texts = [option["text"] for option in item.get("options") or ()] if item["kind"] in {"single", "multiple", "judge"} else []
    texts = texts or sorted(seen, key=lambda one: -seen[one]["n"])[:most]
    tail = max(1, len(best))
    return [_option(text, text in right, seen.get(text), n, tail) for text in texts]


def _option(text: str, right: bool, row: Mapping[str, Any] | None, n: int, tail: int) -> Option:
    count, best, weak = (row["n"], row["best"], row["weak"]) if row else (0, 0, 0)
    dead = not right and n >= rules.LEAST_D and count / n < rules.DEAD
    return Option(text, right, count, count / n, best / tail, weak / tail, dead)


def _right(item: dict[str, Any]) -> set[str]:
    known = {option["key"]: option["text"] for option in item.get("options") or ()}
    if item["kind"] == "order":
        return {" → ".join(known[key] for key in item["answer"])}
    if item["kind"] == "blank":
        return {way for ways in item["answer"] for way in ways}
    return {known[key] for key in item["answer"] if key in known}


def _tails(scope: Scope, key: Key, n: int) -> tuple[list[int], list[int]]:
    """Return the tries of the best and of the weakest 27 % by the rest of their papers; nobody while there are too few."""
    if n < rules.LEAST_D:
        return [], []
    facts, params = scope.sql()
    sql = f"""
    WITH facts (attempt_id, plan_id, bank, question, version, part, kind, worth, points, blank) AS ({facts}),
    rested AS (
      SELECT bank, question, version, part, attempt_id,
             (sum(points) OVER t - points)::float / nullif(sum(worth) OVER t - worth, 0) AS rest
      FROM facts WINDOW t AS (PARTITION BY attempt_id))
    SELECT attempt_id FROM rested WHERE bank = %s AND question = %s AND version = %s AND part = %s
    ORDER BY rest DESC NULLS LAST, attempt_id
    """  # noqa: S608 - made by the query builder; what is asked goes as parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *key])
        order = [row[0] for row in cursor.fetchall()]
    tail = -(-len(order) * rules.TAIL // 100)
    return order[:tail], order[-tail:]


def one(scope: Scope, key: Key) -> Line | None:
    """Return one question version, None where the scope's tries did not have it."""
    return next((line for line in lines(scope) if line.key == key), None)
