"""What the buttons of the editor do to its answers: rows and questions are added, moved and taken away before anything is saved."""

from dataclasses import replace

from django.http import QueryDict

from apps.exams.papers import forms, pools
from apps.exams.papers.checking import MOST_QUESTIONS, MOST_ROWS
from apps.exams.papers.shapes import Chosen, Row

_SCORE = 2


def answer(data: QueryDict, go: str) -> None:
    """Carry out what a button asks for: ``row``, ``drop:2``, ``add:shared:<uuid>:1``, ``up:3``, ``down:3``, ``out:3``, ``scores``, ``newest``."""
    verb, _colon, rest = go.partition(":")
    if verb == "row" and len(forms.row_answers(data)) < MOST_ROWS:
        forms.add_row(data, Row(count=5, score=_SCORE))
    elif verb == "drop":
        for name in forms.ROW:
            data.setlist(name, _without(data.getlist(name), rest))
    elif verb in {"add", "up", "down", "out", "scores", "newest"}:
        _set(data, _changed(list(forms.chosen_of(data)), data, verb, rest))


def _changed(chosen: list[Chosen], data: QueryDict, verb: str, rest: str) -> list[Chosen]:
    if verb == "add":
        return _added(chosen, data, rest)
    if verb == "scores":
        return _scored(chosen, data)
    if verb == "newest":
        return renewed(chosen)
    if not rest.isdecimal() or int(rest) >= len(chosen):
        return chosen
    place = int(rest)
    one = chosen.pop(place)
    if verb != "out":
        chosen.insert(max(0, place + (-1 if verb == "up" else 1)), one)
    return chosen


def _added(chosen: list[Chosen], data: QueryDict, rest: str) -> list[Chosen]:
    names = data.getlist("pick") if rest == "picked" else [rest]
    there = {(one.ref.bank, one.ref.question) for one in chosen}
    refs = [ref for name in names if (ref := forms.ref_of(name)) is not None and (ref.bank, ref.question) not in there]
    known = pools.items(refs)
    for ref in refs[: MOST_QUESTIONS - len(chosen)]:
        if ref in known:
            chosen.append(Chosen(ref, max(_SCORE, len(known[ref].get("parts", [])))))
    data.pop("pick", None)
    return chosen


def _scored(chosen: list[Chosen], data: QueryDict) -> list[Chosen]:
    """Give all questions of one kind the same points."""
    kind, score = data.get("score_kind", ""), data.get("score_all", "")
    if not score.isdecimal():
        return chosen
    known = pools.items(one.ref for one in chosen)
    return [
        replace(one, score=int(score)) if one.ref in known and kind in {"", known[one.ref]["kind"]} else one for one in chosen
    ]


def renewed(chosen: list[Chosen]) -> list[Chosen]:
    """Put the newest version of each question in the place of an older one; what was retired goes out."""
    newest = {(entry.ref.bank, entry.ref.question): entry.ref for entry in pools.everything()}
    refs = ((newest.get((one.ref.bank, one.ref.question)), one) for one in chosen)
    return [replace(one, ref=ref) for ref, one in refs if ref is not None]


def _set(data: QueryDict, chosen: list[Chosen]) -> None:
    data.setlist("item", [forms.name_of(one.ref) for one in chosen])
    data.setlist("score", [str(one.score) for one in chosen])


def _without(values: list[str], place: str) -> list[str]:
    return [value for at, value in enumerate(values) if str(at) != place]
