"""Between a content and its row."""

from collections.abc import Mapping
from typing import Any

from public.questions.fingerprints import fingerprint, words
from public.questions.models import QuestionVersion
from public.questions.shapes import SHARED, Item


def columns(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a version that follow from its content."""
    named = [content.get("basis", ""), *(part.get("basis", "") for part in content.get("parts", []))]
    return {
        "kind": content["kind"],
        "topic": content["topic"],
        "points": content.get("points", []),
        "difficulty": content["difficulty"],
        "basis": "\n".join(dict.fromkeys(basis for basis in named if basis)),
        "content": dict(content),
        "words": words(content),
        "fingerprint": fingerprint(content),
    }


def item(row: QuestionVersion) -> Item:
    """Return a version as an item, with its place: for the server only. ``row.question`` must be at hand."""
    place = {"bank": SHARED, "question": str(row.question.uuid), "version": row.number, "code": row.question.code}
    return {**place, "points": [], "media": [], "options": [], "case": None, **row.content}
