"""Courses for a row of the law: proposed until its hours are met, with alternatives by other trainers. Pure but for `candidates`.

Which topics come first follows what the regulations ask each kind of trainee to know (国家安全监管总局令第3号 arts. 7-16).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.plans import rules, selection
from public.catalogue import api as catalogue
from public.search import api as search

MOST_OTHERS = 4
"""Alternatives shown beside a course."""
_MOST = 500

AUDIENCES = {
    "FZ": ("FZ", "GL"), "GL": ("GL", "FZ"), "BZ": ("BZ", "CY"), "CY": ("CY",), "TZ": ("TZ", "CY"), "XF": ("XF", "CY"),
}  # fmt: skip
"""Role to the audiences whose courses fit, best first."""
_TOPICS: dict[str, tuple[str, ...]] = {
    "FZ": ("FL", "SC", "GL", "WH", "YJ", "AL"),
    "GL": ("GL", "SC", "FL", "YJ", "AL"),
    "CY-MOVE": ("SX", "SJ"),
    "CY-NEW4": ("SX", "JX"),
    "XF-IN": ("GL", "XF", "DH", "YX", "GC"),
    "XF-FIRE": ("XF",),
    "YX-YEAR": ("YX", "YJ"),
    "ZYWS": ("ZJ",),
    "CY": ("SJ", "XF", "YJ", "ZJ", "DQ", "JX", "AL"),
}
"""Row of the law, or its head, to the topics that come first; the others follow in the order of quality."""
_ONLY = {"XF-FIRE", "YX-YEAR", "ZYWS"}
"""Rows about one subject: courses of other topics are no answer to them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One course that may be taken. ``industry``: section letter of GB/T 4754, or ``ALL``. ``rank``: place in the order of quality, best 0; ``is_own``: the enterprise has chosen it."""

    version_id: int
    title: str
    trainer: str
    audience: str
    industry: str
    topic: str
    category: str
    duration_ms: int
    rank: int
    is_own: bool = False

    @property
    def theme(self) -> tuple[str, ...]:
        """What courses have in common that stand for each other."""
        return self.audience, self.industry, self.topic, self.category, level_of(self)


@dataclass(frozen=True, slots=True)
class Slot:
    """One proposed course and what other trainers teach in its place."""

    course: Candidate
    others: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Courses in playing order. ``short_ms``: what is missing to ``wanted_ms`` when nothing that fits is left."""

    slots: tuple[Slot, ...]
    wanted_ms: int

    @property
    def total_ms(self) -> int:
        """Length of the proposed courses."""
        return sum(slot.course.duration_ms for slot in self.slots)

    @property
    def short_ms(self) -> int:
        """What is missing."""
        return max(0, self.wanted_ms - self.total_ms)

    @property
    def version_ids(self) -> list[int]:
        """The proposed versions in playing order."""
        return [slot.course.version_id for slot in self.slots]


def role_of(requirement_code: str, role: str = "") -> str:
    """Return whose courses a row asks for: the manager's answer where there is one, else the row's own head."""
    head = rules.category_code(requirement_code)
    return role if role in AUDIENCES else head if head in AUDIENCES else "CY"


def propose(*, code: str, role: str, industry: str, wanted_ms: int, found: Iterable[Candidate], level: str = "") -> Proposal:
    """Choose courses until ``wanted_ms`` are met: first one course of each theme that comes first, then the others.

    :param industry: section letter of the enterprise, e.g. ``C``; courses of other trades are left out
    :param level: of a three-level induction, e.g. ``车间级``: courses for it come first, those for other levels are left out
    """
    audiences = AUDIENCES[role_of(code, role)]
    fitting = [one for one in found if one.duration_ms > 0 and _fits(one, code, audiences, industry, level)]
    ordered = sorted(fitting, key=lambda one: _order(one, code, audiences, level))
    chosen: list[Candidate] = []
    total, themes = 0, set[tuple[str, ...]]()
    for is_first_round in (True, False):
        for one in ordered:
            if total >= wanted_ms and chosen:
                break
            if one in chosen or (is_first_round and one.theme in themes):
                continue
            chosen.append(one)
            themes.add(one.theme)
            total += one.duration_ms
    taken = {one.version_id for one in chosen}
    return Proposal(tuple(Slot(one, alternatives(one, ordered, taken)) for one in chosen), wanted_ms)


def alternatives(course: Candidate, among: Sequence[Candidate], taken: Iterable[int]) -> tuple[Candidate, ...]:
    """Return what other trainers teach on the same theme and is not taken, best first."""
    held = set(taken)
    same = (one for one in among if one.theme == course.theme and one.trainer != course.trainer and one.version_id not in held)
    return tuple(sorted(same, key=lambda one: (not one.is_own, one.rank)))[:MOST_OTHERS]


def _fits(one: Candidate, code: str, audiences: Sequence[str], industry: str, level: str) -> bool:
    if one.audience not in audiences:
        return False
    if code in _ONLY and one.topic not in _topics(code):
        return False
    if one.industry not in {"ALL", industry[:1]}:
        return False
    named = level_of(one)
    return not (level and named and named != level)


def spread(courses: Sequence[Candidate], levels: Sequence[str], hours: Sequence[int]) -> dict[int, int]:
    """Return version -> place of its level: where a course names one, there; the others fill the levels in their order.

    :param hours: credit hours of each level
    """
    placed = {one.version_id: levels.index(level_of(one)) for one in courses if level_of(one) in levels}
    left = [hour * rules.HOUR_MS for hour in hours]
    for one in courses:
        if one.version_id in placed:
            left[placed[one.version_id]] -= one.duration_ms
    for one in courses:
        if one.version_id not in placed:
            place = next((at for at, missing in enumerate(left) if missing > 0), len(levels) - 1)
            placed[one.version_id] = place
            left[place] -= one.duration_ms
    return placed


def level_of(one: Candidate) -> str:
    """Return the level of a three-level induction that a course is made for, "" for none."""
    return next((name for name in ("厂级", "车间级", "班组级") if name in one.title or name in one.category), "")


def _order(one: Candidate, code: str, audiences: Sequence[str], level: str) -> tuple[int, int, int, int, int]:
    first = _topics(code)
    topic = first.index(one.topic) if one.topic in first else len(first)
    return int(bool(level) and level_of(one) != level), topic, audiences.index(one.audience), int(not one.is_own), one.rank


def _topics(code: str) -> tuple[str, ...]:
    return _TOPICS.get(code) or _TOPICS.get(rules.category_code(code)) or _TOPICS["CY"]


def candidates(*, leave_out: Iterable[int] = ()) -> list[Candidate]:
    """Return every course that the enterprise may take, in the order of quality; two queries.

    :param leave_out: versions that may not be proposed, e.g. those that people have learnt already
    """
    out, own = set(leave_out), set(selection.offered_versions())
    hits = search.find("", per_page=_MOST, with_facets=False).hits
    return [
        Candidate(
            hit.version_id, hit.title, hit.trainer, hit.audience, _section(hit.code), hit.topic, hit.category, hit.duration_ms,
            rank, hit.version_id in own,
        )
        for rank, hit in enumerate(hits)
        if hit.version_id not in out
    ]  # fmt: skip


def _section(code: str) -> str:
    return catalogue.codes.parse(code).industry if catalogue.codes.is_valid(code) else "ALL"


def for_requirement(
    row: catalogue.RequirementView, *, role: str, industry: str, hours: int | None, level: str = "", found: list[Candidate]
) -> Proposal:
    """Propose courses for a row of the law.

    :param hours: credit hours that are asked for; None takes what the law suggests
    """
    wanted = hours or row.hours or row.suggested_hours
    return propose(code=row.code, role=role, industry=industry, wanted_ms=wanted * rules.HOUR_MS, found=found, level=level)
