"""The product's seed data: the taxonomy, 28 courses and the law's training hours, as JSON beside this file."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def courses() -> list[dict[str, Any]]:
    """Return the demo catalogue (28 courses)."""
    found: list[dict[str, Any]] = json.loads((_HERE / "courses.json").read_text("utf-8"))["courses"]
    return found


@lru_cache(maxsize=1)
def requirements() -> list[dict[str, Any]]:
    """Return the dated rows of the law's training hours."""
    found: list[dict[str, Any]] = json.loads((_HERE / "requirements.json").read_text("utf-8"))
    return found


def course_text(code: str) -> dict[str, Any]:
    """Return one course of the demo catalogue by its code.

    :raises KeyError: there is no such course
    """
    return {course["code"]: course for course in courses()}[code]


@lru_cache(maxsize=1)
def topics() -> list[dict[str, Any]]:
    """Return the nodes of the taxonomy, parents first: ``{"code", "level", "parent" (code or ""), "title", "position"}``."""
    data = json.loads((_HERE / "topics.json").read_text("utf-8"))
    audiences, industries, chapters, nodes = data["audiences"], data["industries"], data["chapters"], []
    for a, audience in enumerate(audiences, 1):
        nodes.append(_node("AUDIENCE", "", audience["code"], audience["title"], a))
        for i, industry in enumerate(industries, 1):
            nodes.append(_node("INDUSTRY", audience["code"], industry["code"], industry["title"], i))
            taught = set(industry.get("chapters", data["common"])) & set(audience["chapters"])
            parent = f"{audience['code']}/{industry['code']}"
            fitting = [chapter for chapter in chapters if chapter["code"] in taught]
            nodes += [_node("CHAPTER", parent, chapter["code"], chapter["title"], n) for n, chapter in enumerate(fitting, 1)]
    return nodes


def _node(level: str, parent: str, code: str, title: str, position: int) -> dict[str, Any]:
    path = f"{parent}/{code}" if parent else code
    return {"code": path, "level": level, "parent": parent, "title": title, "position": position}
