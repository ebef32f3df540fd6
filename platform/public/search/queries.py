"""Reads of the search. One question costs two statements: the synonyms, and everything that the page shows; a misspelt one three."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from public.search import labels
from public.search.asking import Question, ask
from public.search.meant import meant
from public.search.models import Entry, Synonym

PER_PAGE = 20
FACETS = ("audience", "industry", "topic", "hours", "category", "rating", "trainer", "provider")
SORTS = {
    "": "score DESC, published_at DESC",
    "rating": "rating_bound DESC NULLS LAST, ratings DESC, score DESC",
    "new": "published_at DESC, score DESC",
    "short": "duration_ms, score DESC",
    "long": "duration_ms DESC, score DESC",
}
_MOST_VALUES = 12
"""Choices that a facet shows; chosen ones are always among them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One course in a list. ``where`` says in words why it was found, "" where its title tells."""

    version_id: int
    course_id: int
    code: str
    title: str
    trainer: str
    key_points: list[str]
    audience: str
    industry: str
    topic: str
    category: str
    provider: str
    duration_ms: int
    published_at: datetime
    rating_bound: float | None
    ratings: int
    completion: float | None
    passing: float | None
    score: float
    where: Any = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet with how many courses it would leave."""

    value: str
    label: Any
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. ``instead`` is what was looked for in place of a misspelt text, "" when the text was found as it stands."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[Choice]] = field(default_factory=dict)
    instead: str = ""
    page: int = 1
    per_page: int = PER_PAGE


def synonyms() -> list[list[str]]:
    """Return the groups of words that mean the same."""
    return list(Synonym.objects.filter(retired_at__isnull=True).order_by("pk").values_list("words", flat=True))


def find(
    text: str = "",
    *,
    chosen: Mapping[str, Sequence[str]] | None = None,
    sort: str = "",
    page: int = 1,
    per_page: int = PER_PAGE,
    only: Sequence[int] | None = None,
    with_facets: bool = True,
) -> Found:
    """Find published courses that the current place may see.

    :param chosen: facet -> values, any of which will do; unknown facets are ignored
    :param sort: a key of ``SORTS``; anything else sorts by how well a course fits, times its quality
    :param only: look among these versions alone
    :param page: from 1; a page behind the last one is empty
    """
    groups = synonyms()
    picked = {name: list(values) for name, values in (chosen or {}).items() if name in FACETS and values}
    wanted = _Wanted(picked, sort, max(1, min(page, 10_000)), per_page, only, with_facets)
    question = ask(text, groups)
    found, is_close = _answer(question, wanted)
    instead = meant(question.text, found.hits, groups) if is_close else ""
    if not instead:
        return found
    better, is_close = _answer(ask(instead, groups), wanted)
    return replace(found if is_close or not better.total else better, instead=instead)


@dataclass(frozen=True, slots=True)
class _Wanted:
    picked: dict[str, list[str]]
    sort: str
    page: int
    per_page: int
    only: Sequence[int] | None
    with_facets: bool


def _answer(question: Question, wanted: _Wanted) -> tuple[Found, bool]:
    """Return what is found, and whether only by coming close."""
    statement, given = _statement(question, wanted)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        total, is_close, rows, counts = cursor.fetchone()
    hits = [_hit(row, question) for row in rows or []]
    return Found(total, hits, _facets(counts or [], wanted.picked), "", wanted.page, wanted.per_page), is_close


_COLUMNS = (
    "e.version_id, e.course_id, e.code, e.title, e.trainer, e.key_points, e.audience, e.industry, e.topic, e.category, e.provider, "
    "e.duration_ms, e.published_at, e.rating_bound, e.ratings, e.completion, e.passing"
)
_HITS = """SELECT * FROM search_hits(%(strict)s::tsquery, %(parts)s::tsquery, %(in_title)s::tsquery, %(in_head)s::tsquery, %(loose)s::tsquery,
    %(heard)s::tsquery, %(exact)s, %(sound)s, %(typed)s, %(pattern)s)"""
_ALL = "SELECT version_id AS id, 1::real AS fit, false AS is_close, e.* FROM search_entry e WHERE is_open"


def _statement(question: Question, wanted: _Wanted) -> tuple[str, dict[str, Any]]:
    """Return one statement for count, page and facets. Only names from this module enter its text; values are parameters."""
    picked, sort = wanted.picked, wanted.sort
    missed = " + ".join(["0", *(f"(NOT e.{name} = ANY(%(f_{name})s))::int" for name in picked)])
    kept = "".join(f"e.{name} = ANY(%(f_{name})s) AS ok_{name}, " for name in picked)
    facet_columns = ", ".join(f"e.{name}" for name in FACETS)
    statement = f"""
    WITH found AS MATERIALIZED (
      SELECT e.id, e.fit, e.fit * e.quality AS score, e.is_close, e.published_at, e.duration_ms, e.rating_bound, e.ratings,
        {facet_columns}, {kept}{missed} AS missed
      FROM ({_ALL if question.is_empty else _HITS}) e{" WHERE e.id = ANY(%(only)s)" if wanted.only is not None else ""}),
    shown AS (
      SELECT {_COLUMNS}, f.score, f.fit FROM (
        SELECT * FROM found WHERE missed = 0 ORDER BY {SORTS.get(sort, SORTS[""])}, id LIMIT %(limit)s OFFSET %(offset)s) f
      JOIN search_entry e ON e.version_id = f.id ORDER BY {_outer(sort)}, f.id)
    SELECT (SELECT count(*) FROM found WHERE missed = 0), coalesce((SELECT bool_or(is_close) FROM found), false),
      (SELECT json_agg(shown) FROM shown), {_counted(picked) if wanted.with_facets else "NULL"}
    """  # noqa: S608 - names are constants of this module
    given = {
        "strict": question.strict, "parts": question.parts, "in_title": question.in_title, "in_head": question.in_head, "loose": question.loose, "heard": question.heard,
        "exact": question.exact, "sound": question.sound, "typed": question.typed, "pattern": question.pattern,
        **{f"f_{name}": values for name, values in picked.items()},
        "only": list(wanted.only or []), "limit": wanted.per_page, "offset": (wanted.page - 1) * wanted.per_page,
    }  # fmt: skip
    return statement, given


def _outer(sort: str) -> str:
    return ", ".join(f"f.{part}" for part in SORTS.get(sort, SORTS[""]).split(", "))


def _counted(picked: Mapping[str, list[str]]) -> str:
    """Count each facet's values among the courses that meet all *other* facets.

    What was found is walked through once for the trainers, of whom there are many, and once for all other facets together.
    """
    few = [name for name in FACETS if name != "trainer"]
    which = "CASE " + " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in few) + " END"
    fits = [f"WHEN GROUPING({name}) = 0 THEN {_fitting(name, 'sum(c)')}" for name in few if name in picked]
    count = f"CASE {' '.join(fits)} ELSE {_fitting('', 'sum(c)')} END" if fits else _fitting("", "sum(c)")
    columns = ", ".join([*few, "missed", *(f"ok_{name}" for name in picked)])
    own = "trainer" if "trainer" in picked else ""
    return f"""(SELECT json_agg(json_build_array(facet, value, n)) FROM (
      SELECT {which} AS facet, coalesce({", ".join(few)}) AS value, {count} AS n
      FROM (SELECT {columns}, count(*) AS c FROM found GROUP BY {columns}) combined
      GROUP BY GROUPING SETS ({", ".join(f"({name})" for name in few)})
      UNION ALL SELECT 'trainer', trainer, {_fitting(own, "count(*)")} FROM found GROUP BY trainer) counted WHERE n > 0)"""  # noqa: S608 - names are constants of this module


def _fitting(own: str, count: str) -> str:
    return f"{count} FILTER (WHERE missed = 0" + (f" OR (missed = 1 AND NOT ok_{own}))" if own else ")")


def _hit(row: dict[str, Any], question: Question) -> Hit:
    fit = row.pop("fit")
    row["published_at"] = datetime.fromisoformat(row["published_at"])
    return Hit(**row, where="" if question.is_empty else labels.where(fit))


def _facets(counts: list[tuple[str, str, int]], picked: Mapping[str, list[str]]) -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = {name: [] for name in FACETS}
    for name, value, count in counts:
        found[name].append(Choice(value, labels.label(name, value), count, value in picked.get(name, [])))
    for name, values in picked.items():
        known = {choice.value for choice in found[name]}
        found[name] += [Choice(value, labels.label(name, value), 0, True) for value in values if value not in known]
    return {name: _shown(name, choices) for name, choices in found.items()}


def _shown(name: str, choices: list[Choice]) -> list[Choice]:
    if name in labels.IN_ORDER:
        return sorted(
            choices, key=lambda choice: labels.IN_ORDER[name].index(choice.value) if choice.value in labels.IN_ORDER[name] else 99
        )
    ordered = sorted(choices, key=lambda choice: (-choice.count, choice.value))
    return [choice for at, choice in enumerate(ordered) if at < _MOST_VALUES or choice.is_chosen]


def known(version_ids: Sequence[int]) -> dict[int, Hit]:
    """Return what lists show of these versions, as far as they are published and may be seen; one query."""
    names = [column.removeprefix("e.") for column in _COLUMNS.split(", ")]
    return {row["version_id"]: Hit(**row, score=0.0) for row in Entry.objects.filter(version_id__in=version_ids).values(*names)}


def aspects(version_id: int) -> list[tuple[Any, float]]:
    """Return the aspects of a published version by name with the stars that its ratings prove, as far as it may be seen; one query."""
    found = Entry.objects.filter(version_id=version_id).values_list("aspects", flat=True).first() or {}
    return [(labels.ASPECTS[name], found[name]) for name in labels.ASPECTS if name in found]
