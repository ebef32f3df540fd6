"""Between a content and its row."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from public.questions.fingerprints import fingerprint, words
from public.questions.laws import citations
from public.questions.models import Citation, QuestionVersion
from public.questions.shapes import SHARED, Item, Ref


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
    return {"points": [], "media": [], "options": [], "case": None, **row.content, **place}


def citations_of(content: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return (law, article) of everything that a question or a part of it names."""
    named = [content.get("basis", ""), *(part.get("basis", "") for part in content.get("parts", []))]
    return {pair for basis in named for pair in citations(basis)}


def ref_of(item: Mapping[str, Any]) -> Ref:
    """Return which question in which version an item is."""
    return Ref(item["bank"], UUID(item["question"]), item["version"])


def cite(versions: Iterable[QuestionVersion]) -> None:
    """Note the articles that versions name, in place of what was noted before."""
    found = list(versions)
    Citation.objects.filter(version__in=found).delete()
    named = [(row, pair) for row in found for pair in sorted(citations_of(row.content))]
    rows = [Citation(version=row, law=law[:80], article=article[:12]) for row, (law, article) in named]
    Citation.objects.bulk_create(rows, ignore_conflicts=True)
