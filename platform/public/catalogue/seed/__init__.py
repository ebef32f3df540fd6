"""The product's seed data: 28 courses, 100 questions and the law's training hours, as JSON beside this file."""

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
def questions() -> list[dict[str, Any]]:
    """Return the 100 exam questions."""
    found: list[dict[str, Any]] = json.loads((_HERE / "questions.json").read_text("utf-8"))
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
