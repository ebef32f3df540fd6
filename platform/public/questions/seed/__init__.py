"""The first hundred questions of the shared bank, as JSON beside this file."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

BANK = "安全生产通用题库"
_KINDS = {"true_false": "judge"}
_CONTENT = ("topic", "difficulty", "stem", "options", "answer", "explanation", "basis")


@lru_cache(maxsize=1)
def questions() -> list[dict[str, Any]]:
    """Return the questions as written: ``{"id", "type", "topic", "difficulty", "stem", "options", "answer", "explanation", "basis"}``."""
    found: list[dict[str, Any]] = json.loads((Path(__file__).parent / "questions.json").read_text("utf-8"))
    return found


def content(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the content (see ``content.py``) of an entry."""
    kind = _KINDS.get(entry["type"], entry["type"])
    return {"kind": kind, "points": [], "media": [], **{key: entry[key] for key in _CONTENT}}


def key(code: str) -> UUID:
    """Return the uuid of a question of the first bank: the same in every database, so that copies of it may be compared."""
    return uuid5(NAMESPACE_URL, f"anxue:question:{code}")
