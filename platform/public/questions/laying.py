"""How questions are laid out on a paper, and what of it a browser may see. Pure; the same seed lays out the same."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

from public.questions.content import BLANK, CASE, JUDGE, LETTERS, ORDER
from public.questions.shapes import Item

_SEEN = ("no", "kind", "stem", "media", "options", "score", "case")
_SHARED_BY_PARTS = ("bank", "question", "version", "code", "topic", "points", "difficulty")


def hide(item: Mapping[str, Any]) -> Item:
    """Return what the browser may see of a question before submission: nothing to look the answer up by. ``gaps``: how many to fill."""
    seen: Item = {"media": [], "options": [], "score": 1, "case": None, **{key: item[key] for key in _SEEN if key in item}}
    return {**seen, "gaps": len(item["answer"])} if item["kind"] == BLANK else seen


def flatten(item: Mapping[str, Any]) -> list[Item]:
    """Return the questions that an item is on a paper: those of a case with its story, else itself.

    A case's ``score`` is shared by its parts, the first ones get what is left over; each part is worth 1 at least.
    """
    if item["kind"] != CASE:
        return [{"media": [], "points": [], "case": None, **item}]
    parts = item["parts"]
    common = {key: item[key] for key in _SHARED_BY_PARTS if key in item}
    case = {"stem": item["stem"], "media": item.get("media", []), "of": len(parts)}
    flat = [
        {"media": [], "options": [], "explanation": item.get("explanation", ""), **common, **part, "case": {"no": no, **case}}
        for no, part in enumerate(parts, 1)
    ]
    for part in flat:
        part["basis"] = part.get("basis") or item.get("basis", "")
    if "score" in item:
        share, left = divmod(int(item["score"]), len(parts))
        for no, part in enumerate(flat):
            part["score"] = max(1, share + (no < left))
    return flat


def lay_out(items: Iterable[Mapping[str, Any]], *, seed: int) -> list[Item]:
    """Return the paper: cases taken apart, options shuffled and lettered anew with the answer in the new letters, numbered from 1.

    Judgements keep their order, and so do the questions and the parts of a case.
    """
    dice = random.Random(seed)  # noqa: S311 - a reproducible shuffle, not a secret
    flat = [one for item in items for one in flatten(item)]
    return [{**_shuffled(item, dice), "no": no} for no, item in enumerate(flat, 1)]


def _shuffled(item: Item, dice: random.Random) -> Item:
    if item["kind"] == JUDGE or not item.get("options"):
        return {**item, "options": list(item.get("options", []))}
    options = list(item["options"])
    dice.shuffle(options)
    letters = dict(zip([option["key"] for option in options], LETTERS, strict=False))
    answer = [letters[key] for key in item["answer"]]
    return {
        **item,
        "options": [{**option, "key": letters[option["key"]]} for option in options],
        "answer": answer if item["kind"] == ORDER else sorted(answer),
    }
