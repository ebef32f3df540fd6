"""What the pages of a paper show: rows with what they can draw from, questions to choose from, what keeps a paper from being held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.exams.papers import composing, drawing, forms, pools, wording
from apps.exams.papers.shapes import Candidate, Chosen, Draft
from infra.kit.errors import DomainError
from public.questions import api as questions

OFFERED = 30
"""Questions that one search lists."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to draw from: every question of both banks, the topics and the points they have."""

    entries: list[Candidate]
    topics: list[str]
    points: list[str]

    @classmethod
    def now(cls) -> "Shelf":
        """Return it; a query for each bank."""
        entries = pools.everything()
        topics = {entry.topic for entry in entries}
        points = {point for entry in entries for point in entry.points} - topics
        return cls(entries, sorted(topics), sorted(points))


def row_lines(data: QueryDict, shelf: Shelf) -> dict[str, Any]:
    """Return the rows of the editor, each with what it can draw from, and why together they cannot be drawn."""
    answers, rows = forms.row_answers(data), forms.rows_of(data, shelf.topics)
    have = drawing.available(rows, shelf.entries)
    short = drawing.shortages(rows, shelf.entries)
    lacking = {index for one in short for index in one.rows}
    return {
        "lines": [(answer, count, index in lacking) for index, (answer, count) in enumerate(zip(answers, have, strict=True))],
        "short": [wording.shortage(rows, one) for one in short],
        "total": sum(row.count for row in rows),
        "points": sum(row.count * row.score for row in rows),
    }


def chosen_lines(chosen: Sequence[Chosen], shelf: Shelf) -> dict[str, Any]:
    """Return the chosen questions with their texts, and how many of them were retired or have a newer version."""
    known = pools.items(one.ref for one in chosen)
    newest = {(entry.ref.bank, entry.ref.question): entry.ref for entry in shelf.entries}
    lines = []
    for one in chosen:
        now = newest.get((one.ref.bank, one.ref.question))
        state = "gone" if now is None or one.ref not in known else "older" if now.version > one.ref.version else ""
        lines.append((one, forms.name_of(one.ref), known.get(one.ref), state))
    return {
        "lines": lines,
        "gone": sum(line[3] == "gone" for line in lines),
        "older": sum(line[3] == "older" for line in lines),
        "total": len(chosen),
        "points": sum(one.score for one in chosen),
        "kinds_here": {item["kind"]: questions.KINDS[item["kind"]] for _one, _name, item, _state in lines if item},
    }


def offered(data: QueryDict, shelf: Shelf, chosen: Iterable[Chosen]) -> dict[str, Any]:
    """Return what a search finds among the questions that are not on the paper yet."""
    asked = {name: data.get(f"find_{name}", "") for name in ("kind", "topic", "bank", "level")}
    taken = {(one.ref.bank, one.ref.question) for one in chosen}
    fitting = [entry for entry in shelf.entries if (entry.ref.bank, entry.ref.question) not in taken and _meant(entry, **asked)]
    words = data.get("find_q", "").split()
    known = pools.items(entry.ref for entry in (fitting if words else fitting[:OFFERED]))
    found = [
        (forms.name_of(entry.ref), known[entry.ref])
        for entry in fitting
        if entry.ref in known and all(word.casefold() in _text(known[entry.ref]) for word in words)
    ]
    total = len(found) if words else len(fitting)
    return {"found": found[:OFFERED], "hidden": max(0, total - OFFERED), "find": {**asked, "q": data.get("find_q", "")}}


def banks() -> list[tuple[str, str]]:
    """Return (value, name) of what a row may name as its bank, besides both."""
    return [(questions.SHARED, _("平台题库")), (questions.OWN, _("本单位全部题库")), *pools.own_banks()]


def problem(draft: Draft) -> str:
    """Return why a paper cannot be held now, "" when it can."""
    try:
        composing.refuse_impossible(draft)
    except DomainError as refusal:
        return str(refusal.message)
    return ""


def content_lines(draft: Draft) -> list[tuple[str, int, int]]:
    """Return what a paper consists of as (words, questions, points of each)."""
    if draft.is_drawn:
        return [(wording.row(row), row.count, row.score) for row in draft.rows]
    known = pools.items(one.ref for one in draft.chosen)
    groups: dict[tuple[str, int], int] = {}
    for one in draft.chosen:
        kind = str(questions.KINDS[known[one.ref]["kind"]]) if one.ref in known else _("找不到的试题")
        groups[kind, one.score] = groups.get((kind, one.score), 0) + 1
    return [(kind, count, score) for (kind, score), count in groups.items()]


def _meant(entry: Candidate, *, kind: str, topic: str, bank: str, level: str) -> bool:
    return (
        kind in {"", entry.kind}
        and topic in {"", entry.topic}
        and bank in {"", entry.ref.bank, entry.own_bank}
        and level in {"", str(entry.difficulty)}
    )


def _text(item: questions.Item) -> str:
    return " ".join([item["stem"], *item.get("points", []), item["topic"], item.get("basis", ""), item["code"]]).casefold()
