"""Answers as a page's form sends them."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict


def responses(items: Sequence[dict[str, Any]], data: QueryDict) -> list[list[str]]:
    """Return one response for each item: chosen keys, keys by their place in a sequence, or the texts of gaps."""
    return [_response(item, data) for item in items]


def _response(item: dict[str, Any], data: QueryDict) -> list[str]:
    name = f"q{item['no']}"
    if item["kind"] == "order":
        placed = [(data.get(f"{name}-{option['key']}", ""), option["key"]) for option in item["options"]]
        chosen = [(int(place), key) for place, key in placed if place.isdecimal() and len(place) < 3]
        return [key for _place, key in sorted(chosen)]
    if item["kind"] == "blank":
        texts = [data.get(f"{name}-{gap}", "").replace("\0", "").strip() for gap in range(len(item["answer"]))]
        return texts if any(texts) else []
    return [key[:5] for key in data.getlist(name)[:10]]
